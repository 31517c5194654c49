import { msg, str } from '@lit/localize';
import type { ModelEntry, WeightsState } from '../../session/state/session-state.ts';
import { describeError } from '../errors/error-messages.ts';
import { formatFraction } from '../lib/format.ts';

/** Announcements per download: a screen reader that reads each percent would read nothing else. */
const STEPS = 4;

/** Announces downloads in a live region: the start, each quarter, what stops them, and the end. */
export class DownloadAnnouncer {
  readonly #announced = new Map<string, string>();

  update(region: HTMLElement, models: readonly ModelEntry[]): void {
    for (const { record, weights } of models) {
      const before = this.#announced.get(record.id);
      if (before === undefined && weights.status !== 'downloading') continue;
      const label = stepLabel(record.name, weights);
      if (label === before) continue;
      this.#announced.set(record.id, label);
      const line = document.createElement('p');
      line.textContent = label;
      region.replaceChildren(line);
    }
  }
}

function stepLabel(name: string, weights: WeightsState): string {
  switch (weights.status) {
    case 'downloading': {
      const { download } = weights;
      if (download.status === 'planning') return msg(str`The download of ${name} starts.`);
      if (download.waitingForNetwork) return msg(str`The download of ${name} is waiting for the connection.`);
      const step = Math.floor((download.loadedBytes / Math.max(1, download.totalBytes)) * STEPS);
      if (step === 0) return msg(str`The download of ${name} starts.`);
      return msg(str`${formatFraction(step / STEPS)} of ${name} are downloaded.`);
    }
    case 'paused': {
      const { error } = weights.download;
      return error === undefined ? msg(str`The download of ${name} is paused.`) : stoppedLabel(name, error);
    }
    case 'failed':
      return stoppedLabel(name, weights.error);
    case 'stored':
      return msg(str`${name} is on this device now.`);
    default:
      return msg(str`The download of ${name} was cancelled.`);
  }
}

function stoppedLabel(name: string, error: Parameters<typeof describeError>[0]): string {
  const { title } = describeError(error);
  return msg(str`The download of ${name} stopped: ${title}.`);
}
