import { SAMPLING_LIMITS } from '../../chat/settings/setting-limits.ts';
import { fittedRecord } from '../../models/fit/fit-result.ts';
import type { ModelSession } from '../../session/model-session.ts';
import { ApiModels } from '../models.ts';
import { checkActive, isAllowed } from './document-access.ts';
import { availabilityOf } from './language-model-availability.ts';
import { toDomException } from './language-model-errors.ts';
import { DEFAULT_TEMPERATURE, DEFAULT_TOP_K, expectedTypes, LanguageModelSession } from './language-model-session.ts';
import type {
  LanguageModelAvailability,
  LanguageModelCreateCoreOptions,
  LanguageModelCreateOptions,
  LanguageModelParams,
} from './language-model-types.ts';
import { checkCreateOptions } from './read-create-options.ts';
import { readPrompt } from './read-prompt.ts';

/** The specification rounds progress to this, so that sizes of downloads do not show. */
const PROGRESS_STEPS = 0x10000;

/** The class `LanguageModel` of the Prompt API, on one model of Alcove. */
export interface LanguageModelClass {
  readonly prototype: LanguageModelSession;
  /** Never rejects for a model that cannot run here: that is `unavailable`. */
  availability(options?: LanguageModelCreateCoreOptions): Promise<LanguageModelAvailability>;
  /**
   * Downloads the model if it is not stored, which needs a click as with the browser's own, and loads it.
   * @throws DOMException `NotSupportedError`, `NotAllowedError`, `QuotaExceededError`, `OperationError`; TypeError or
   * RangeError for malformed options; what `monitor` throws; the reason of `signal`
   */
  create(options?: LanguageModelCreateOptions): Promise<LanguageModelSession>;
  /** For extensions in Chrome. Null for a model whose engine takes no `topK`. */
  params(): Promise<LanguageModelParams | null>;
}

export function languageModelOf(session: ModelSession, modelId: string): LanguageModelClass {
  return class LanguageModel extends LanguageModelSession {
    static async availability(options: LanguageModelCreateCoreOptions = {}): Promise<LanguageModelAvailability> {
      checkActive();
      const availability = await availabilityOf(session, modelId, options);
      return isAllowed() ? availability : 'unavailable';
    }

    static async create(options: LanguageModelCreateOptions = {}): Promise<LanguageModel> {
      checkActive();
      const signal = options.signal ?? new AbortController().signal;
      signal.throwIfAborted();
      checkCreateOptions(options);
      if (!isAllowed()) throw new DOMException('the permissions policy forbids it', 'NotAllowedError');
      const { initialPrompts = [] } = options;
      const { messages } = await readPrompt(initialPrompts, expectedTypes(options), false);
      const initial = initialPrompts.length === 0 ? [] : messages;
      const monitor = new EventTarget();
      options.monitor?.(monitor);
      try {
        await prepare(session, modelId, options, monitor, signal);
        const { record, fit } = session.find(modelId);
        const { contextWindow } = fittedRecord(record, fit);
        const settings = { session, modelId, contextWindow, options };
        const made = new LanguageModel(settings, []);
        if (initial.length === 0) return made;
        await made.append(initialPrompts, { signal });
        return new LanguageModel(settings, initial, initial, made.contextUsage);
      } catch (error) {
        throw toDomException(error, signal, 'OperationError');
      }
    }

    static async params(): Promise<LanguageModelParams | null> {
      await session.start();
      const { sampling } = await session.capabilities(modelId);
      if (!sampling.includes('topK')) return null;
      return {
        defaultTopK: DEFAULT_TOP_K,
        maxTopK: SAMPLING_LIMITS.topK.most,
        defaultTemperature: DEFAULT_TEMPERATURE,
        maxTemperature: SAMPLING_LIMITS.temperature.most,
      };
    }
  };
}

async function prepare(
  session: ModelSession,
  modelId: string,
  options: LanguageModelCreateOptions,
  monitor: EventTarget,
  signal: AbortSignal,
): Promise<void> {
  await session.start();
  // Whether llama.cpp's model takes images is known once it is loaded.
  const expectsImages = options.expectedInputs?.some(({ type }) => type === 'image') === true;
  if (expectsImages && session.find(modelId).weights.status === 'stored') {
    await session.load(modelId, signal, () => {});
  }
  const availability = await availabilityOf(session, modelId, options);
  if (availability === 'unavailable') throw new DOMException(`${modelId} cannot be used so here`, 'NotSupportedError');
  if (availability === 'downloadable' && !navigator.userActivation.isActive) {
    throw new DOMException('a download needs a click or a key of the user', 'NotAllowedError');
  }
  let reported = -1;
  const report = (share: number): void => {
    const loaded = Math.floor(share * PROGRESS_STEPS) / PROGRESS_STEPS;
    if (loaded <= reported || signal.aborted) return;
    reported = loaded;
    monitor.dispatchEvent(new ProgressEvent('downloadprogress', { lengthComputable: true, loaded, total: 1 }));
  };
  report(0);
  await new ApiModels(session).download(modelId, {
    signal,
    onProgress: ({ loadedBytes, totalBytes }) => {
      if (loadedBytes < totalBytes) report(loadedBytes / totalBytes);
    },
  });
  await session.load(modelId, signal, () => {});
  report(1);
}
