import { fittedRecord } from '../../models/fit/fit-result.ts';
import type { ModelSession } from '../../session/model-session.ts';
import { ApiModels } from '../models.ts';
import { availabilityOf } from './language-model-availability.ts';
import { toDomException } from './language-model-errors.ts';
import { expectedTypes, LanguageModelSession } from './language-model-session.ts';
import type {
  LanguageModelAvailability,
  LanguageModelCreateCoreOptions,
  LanguageModelCreateOptions,
} from './language-model-types.ts';
import { readPrompt } from './read-prompt.ts';

/** The class `LanguageModel` of the Prompt API, on one model of Alcove. */
export interface LanguageModelClass {
  readonly prototype: LanguageModelSession;
  /** Never rejects for a model that cannot run here: that is `unavailable`. */
  availability(options?: LanguageModelCreateCoreOptions): Promise<LanguageModelAvailability>;
  /**
   * Downloads the model if it is not stored, which needs a click as with the browser's own, and loads it.
   * @throws DOMException `NotSupportedError`, `NotAllowedError`, `QuotaExceededError`; TypeError for malformed options
   */
  create(options?: LanguageModelCreateOptions): Promise<LanguageModelSession>;
}

export function languageModelOf(session: ModelSession, modelId: string): LanguageModelClass {
  return class LanguageModel extends LanguageModelSession {
    static availability(options: LanguageModelCreateCoreOptions = {}): Promise<LanguageModelAvailability> {
      return availabilityOf(session, modelId, options);
    }

    static async create(options: LanguageModelCreateOptions = {}): Promise<LanguageModel> {
      const signal = options.signal ?? new AbortController().signal;
      signal.throwIfAborted();
      try {
        await prepare(session, modelId, options, signal);
        const { messages } = await readPrompt(options.initialPrompts ?? [], expectedTypes(options), false);
        const initial = options.initialPrompts === undefined || options.initialPrompts.length === 0 ? [] : messages;
        const { record, fit } = session.find(modelId);
        const { contextWindow } = fittedRecord(record, fit);
        const made = new LanguageModel({ session, modelId, contextWindow, options }, []);
        if (initial.length === 0) return made;
        await made.append(options.initialPrompts ?? [], { signal });
        return new LanguageModel({ session, modelId, contextWindow, options }, initial, initial, made.contextUsage);
      } catch (error) {
        throw toDomException(error, signal);
      }
    }
  };
}

async function prepare(
  session: ModelSession,
  modelId: string,
  options: LanguageModelCreateOptions,
  signal: AbortSignal,
): Promise<void> {
  const availability = await availabilityOf(session, modelId, options);
  if (availability === 'unavailable') throw new DOMException(`${modelId} cannot be used so here`, 'NotSupportedError');
  const monitor = new EventTarget();
  options.monitor?.(monitor);
  const report = (loaded: number): void => {
    monitor.dispatchEvent(new ProgressEvent('downloadprogress', { lengthComputable: true, loaded, total: 1 }));
  };
  report(0);
  if (availability === 'downloadable' && !navigator.userActivation.isActive) {
    throw new DOMException('a download needs a click or a key of the user', 'NotAllowedError');
  }
  await new ApiModels(session).download(modelId, {
    signal,
    onProgress: ({ loadedBytes, totalBytes }) => {
      if (loadedBytes < totalBytes) report(loadedBytes / totalBytes);
    },
  });
  report(1);
  await session.load(modelId, signal, () => {});
}
