import { msg, str } from '@lit/localize';
import type { ErrorCode } from '../../platform/errors.ts';
import type { BackendName } from '../../session/state/session-state.ts';
import { type Describable, describeError } from '../errors/error-messages.ts';
import { ENGINE_LABELS } from './engine-labels.ts';

/** `On the processor, 2 threads (llama.cpp)` */
export function backendLabel({ engine, backend }: BackendName): string {
  return ENGINE_LABELS[engine].backend(backend);
}

const FAILURE_LABELS: Readonly<Partial<Record<ErrorCode, () => string>>> = {
  'device-lost': () => msg('The graphics card was lost more than once.'),
  'out-of-memory': () => msg('Memory ran out.'),
  'self-test-failed': () => msg('It answered a test question wrongly.'),
  'engine-crashed': () => msg('It stopped unexpectedly.'),
  'engine-hung': () => msg('It stopped responding.'),
  'tab-killed': () => msg('Loading it crashed the page.'),
};

/** Why a backend failed, in one sentence. */
export function failureLabel(error: Describable): string {
  return FAILURE_LABELS[error.code]?.() ?? msg(str`${describeError(error).title}.`);
}
