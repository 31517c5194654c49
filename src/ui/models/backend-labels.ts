import { msg, str } from '@lit/localize';
import type { BackendName } from '../../session/state/session-state.ts';
import { type Describable, describeError } from '../errors/error-messages.ts';
import { ENGINE_LABELS } from './engine-labels.ts';

/** `On the processor, 2 threads (llama.cpp)` */
export function backendLabel({ engine, backend }: BackendName): string {
  return ENGINE_LABELS[engine].backend(backend);
}

/** Why a backend failed, in one sentence. */
export function failureLabel(error: Describable): string {
  switch (error.code) {
    case 'device-lost':
      return msg('The graphics card was lost more than once.');
    case 'out-of-memory':
      return msg('Memory ran out.');
    case 'self-test-failed':
      return msg('It answered a test question wrongly.');
    case 'engine-crashed':
      return msg('It stopped unexpectedly.');
    case 'engine-hung':
      return msg('It stopped responding.');
    case 'tab-killed':
      return msg('Loading it crashed the page.');
    default:
      return msg(str`${describeError(error).title}.`);
  }
}
