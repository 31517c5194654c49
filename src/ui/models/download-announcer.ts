import { msg, str } from '@lit/localize';
import type { ModelEntry, WeightsState } from '../../session/state/session-state.ts';
import { describeError } from '../errors/error-messages.ts';
import { formatFraction } from '../lib/format.ts';

/** Quarters: a screen reader that speaks each percent says nothing else. */
const STEPS = 4;

/** Tells in a live region how downloads come along: that one begins, its quarters, what stops it, and its end. */
export class DownloadAnnouncer {
  /** What was said last of each model. */
  readonly #said = new Map<string, string>();

  update(region: HTMLElement, models: readonly ModelEntry[]): void {
    for (const { record, weights } of models) {
      const before = this.#said.get(record.id);
      if (before === undefined && weights.status !== 'downloading') continue;
      const words = stepWords(record.name, weights);
      if (words === before) continue;
      this.#said.set(record.id, words);
      const line = document.createElement('p');
      line.textContent = words;
      region.replaceChildren(line);
    }
  }
}

function stepWords(name: string, weights: WeightsState): string {
  switch (weights.status) {
    case 'downloading': {
      const { download } = weights;
      if (download.status === 'planning') return msg(str`The download of ${name} begins.`);
      if (download.waitingForNetwork) return msg(str`The download of ${name} waits for the connection.`);
      const step = Math.floor((download.loadedBytes / Math.max(1, download.totalBytes)) * STEPS);
      if (step === 0) return msg(str`The download of ${name} begins.`);
      return msg(str`${formatFraction(step / STEPS)} of ${name} are downloaded.`);
    }
    case 'paused': {
      const { error } = weights.download;
      return error === undefined ? msg(str`The download of ${name} is paused.`) : stoppedWords(name, error);
    }
    case 'failed':
      return stoppedWords(name, weights.error);
    case 'stored':
      return msg(str`${name} is on this device now.`);
    default:
      return msg(str`The download of ${name} was cancelled.`);
  }
}

function stoppedWords(name: string, error: Parameters<typeof describeError>[0]): string {
  const { title } = describeError(error);
  return msg(str`The download of ${name} stopped: ${title}.`);
}
