import { msg, str } from '@lit/localize';
import type { SpeedRange } from '../../models/engines/engine-profile.ts';
import { canRun, type Fit, type FitEstimate, type FitReason } from '../../models/fit/fit-result.ts';
import { READING_TOKENS_PER_SECOND } from '../../models/fit/run-history.ts';
import type { ErrorMessagesController } from '../errors/error-messages-controller.ts';
import { formatBytes, formatNumber, formatSeconds } from '../lib/format.ts';
import { contextSize } from './context/context-size.ts';

/** Whether a model fits, as text: a short title, then the reason, in numbers. */
export interface FitLabel {
  readonly title: string;
  readonly reason: string;
  readonly tone: 'good' | 'fair' | 'bad' | 'none';
}

/**
 * @param errors describes why a model cannot run; its messages may still be loading
 * @param contextWindow the configured one, to say when another one is used
 */
export function fitLabel(fit: Fit, errors: ErrorMessagesController, contextWindow?: number): FitLabel {
  switch (fit.status) {
    case 'unknown':
      return { title: msg('Checking this device…'), reason: '', tone: 'none' };
    case 'runs-elsewhere':
      return { title: msg('Runs on your server'), reason: '', tone: 'good' };
    case 'cannot-run': {
      const words = errors.describe(fit);
      return { title: words?.title ?? msg('Cannot run here'), reason: words?.meaning ?? '', tone: 'bad' };
    }
    case 'runs-well':
      return { title: msg('Runs well here'), reason: numbers(fit.estimate, contextWindow), tone: 'good' };
    case 'runs-slowly':
      return { title: msg('Runs slowly here'), reason: numbers(fit.estimate, contextWindow), tone: 'fair' };
    case 'too-slow':
      return { title: msg('Too slow here'), reason: numbers(fit.estimate, contextWindow), tone: 'bad' };
    case 'may-not-fit':
      return { title: msg('May not fit'), reason: doubt(fit.reason, fit.estimate, errors), tone: 'fair' };
  }
}

/** The same in a row of a list: of what runs here only the speed. */
export function shortFitLabel(fit: Fit, errors: ErrorMessagesController): FitLabel {
  const label = fitLabel(fit, errors);
  return canRun(fit) && fit.status !== 'may-not-fit' ? { ...label, reason: speedLabel(fit.estimate.speed) } : label;
}

/** A speed without figures, against that of reading. */
export function paceLabel({ low, high }: SpeedRange): string {
  const tokensPerSecond = Math.sqrt(low * high);
  if (tokensPerSecond >= 2 * READING_TOKENS_PER_SECOND) return msg('faster than you read');
  if (tokensPerSecond >= READING_TOKENS_PER_SECOND) return msg('about as fast as you read');
  return msg('slower than you read');
}

/** `9–24 tokens/s`; one number where both ends round to the same. */
export function speedLabel({ low, high }: SpeedRange): string {
  if (high < 0.1) return msg('less than 0.1 tokens/s');
  const digits = high < 10 ? 1 : 0;
  const [from, to] = [formatNumber(low, digits), formatNumber(high, digits)];
  return from === to ? msg(str`${to} tokens/s`) : msg(str`${from}–${to} tokens/s`);
}

/** `9–24 tokens/s · 1.5 GB of memory` */
function numbers({ speed, memoryBytes, contextWindow }: FitEstimate, configured = contextWindow): string {
  const words = speedLabel(speed);
  const facts = [
    speed.from === 'measured' ? msg(str`${words}, measured here`) : words,
    msg(str`${formatBytes(memoryBytes)} of memory`),
  ];
  if (contextWindow !== configured) facts.push(msg(str`${contextSize(contextWindow)} context`));
  return facts.join(' · ');
}

function doubt(
  reason: FitReason,
  { memoryBytes, budgetBytes, speed }: FitEstimate,
  errors: ErrorMessagesController,
): string {
  switch (reason.kind) {
    case 'failed-before': {
      const title = errors.describe({ code: reason.code, data: {} })?.title ?? reason.code;
      return msg(str`It failed here before: ${title}`);
    }
    case 'memory':
      return msg(
        str`It needs ${formatBytes(memoryBytes)} of memory; only ${formatBytes(budgetBytes)} are sure to be available. If it fits: ${speedLabel(speed)}`,
      );
    case 'phone':
      return msg(
        str`It takes ${formatBytes(memoryBytes)} of memory; browsers on phones like this one close tabs above about ${formatBytes(budgetBytes)}`,
      );
    case 'binding':
      return msg(
        str`This graphics card accepts at most ${formatBytes(reason.limitBytes)} at once; part of this model may be larger`,
      );
    case 'storage':
      return msg(str`The browser has ${formatBytes(reason.freeBytes)} left for this site; the model needs more`);
    case 'speed':
      return speedLabel(speed);
  }
}

/** `40 s to download at the last rate`; undefined where no estimate exists. */
export function downloadLabel({ downloadSeconds }: FitEstimate): string | undefined {
  if (downloadSeconds === undefined) return undefined;
  return msg(
    str`${formatSeconds(Math.max(1, Math.round(downloadSeconds)))} to download at the speed of the last download`,
  );
}
