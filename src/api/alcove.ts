import type { LoadProgress } from '../engine/engine.ts';
import { profileOf } from '../models/engines/engine-profiles.ts';
import { chosenContextWindow } from '../models/fit/context-window.ts';
import { ModelSession, type ModelSessionOptions } from '../session/model-session.ts';
import { DEFAULT_CATALOGUE_URL } from '../session/models/default-catalogue.ts';
import { answerRequest } from './alcove-fetch.ts';
import { invalidValue, toApiError, unsupportedParameter } from './api-error.ts';
import { ChatCompletions } from './chat-completions.ts';
import { Completions } from './completions.ts';
import { Embeddings } from './embeddings.ts';
import { ApiModels } from './models.ts';
import type { RequestOptions } from './request-options.ts';
import { Responses } from './responses.ts';

export interface AlcoveOptions extends Pick<ModelSessionOptions, 'databaseName'> {
  /** Address of catalogue.json, relative to the page. Default: the catalogue in the package. */
  readonly catalogueUrl?: string;
}

export interface LoadOptions extends RequestOptions {
  readonly onProgress?: (progress: LoadProgress) => void;
  /**
   * Tokens that the model reads at once, kept for its later loads on this device: 1,024 or more, at most what it was trained
   * for and what fits. Default: what the user has chosen, else what fits comfortably.
   */
  readonly contextWindow?: number;
}

/**
 * Language models in this page, asked as OpenAI's API is. Nothing leaves the device, except for models on servers that the
 * user has added. Weights and the loaded model are shared with `<alcove-chat>` and with other tabs of this origin;
 * conversations are not read.
 */
export class Alcove {
  readonly models: ApiModels;
  readonly chat: { readonly completions: ChatCompletions };
  readonly completions: Completions;
  readonly responses: Responses;
  readonly embeddings: Embeddings;
  /**
   * Answers OpenAI's HTTP protocol inside this page, for clients that take a `fetch`, without a request: any address
   * whose path has `/v1/`. A function of its own, so that it can be handed on.
   */
  readonly fetch: typeof globalThis.fetch;
  readonly #session: ModelSession;

  constructor(session: ModelSession) {
    this.#session = session;
    this.models = new ApiModels(session);
    this.chat = { completions: new ChatCompletions(session) };
    this.completions = new Completions(session);
    this.responses = new Responses(session);
    this.embeddings = new Embeddings(session);
    this.fetch = (input, init) => answerRequest(input, init, this);
  }

  /**
   * Loads a downloaded model into memory ahead of the first request, in place of another one.
   * @throws AlcoveApiError, of a window that is out of range too; AbortError after `signal`
   */
  async load(
    model: string,
    { signal = new AbortController().signal, onProgress = () => {}, contextWindow }: LoadOptions = {},
  ): Promise<void> {
    try {
      await this.#session.start();
      if (contextWindow !== undefined) await this.#choose(model, contextWindow);
      await this.#session.load(model, signal, onProgress);
    } catch (error) {
      throw toApiError(error);
    }
  }

  async #choose(model: string, contextWindow: number): Promise<void> {
    const { models, device } = this.#session.state;
    const record = models.find((entry) => entry.record.id === model)?.record;
    if (record === undefined || device === undefined) return;
    const engine = profileOf(record).local;
    if (engine === undefined) throw unsupportedParameter('contextWindow');
    const nearest = chosenContextWindow(record, engine, device, contextWindow);
    if (nearest !== contextWindow) {
      const range = `the nearest that '${model}' can have on this device is ${nearest}`;
      throw invalidValue('contextWindow', `A context window of ${contextWindow} tokens is not possible; ${range}.`);
    }
    await this.#session.models.setContextWindow(model, contextWindow);
  }

  /** Frees the memory of the loaded model, unless another tab or element uses it. Ends open requests as cancelled. */
  async unload(): Promise<void> {
    await this.#session.models.unload();
  }

  /** Ends all requests as cancelled and frees all resources. */
  dispose(): void {
    this.#session.dispose();
  }
}

/** Makes an instance. It fetches the catalogue with its first call, and the code of an engine when a model is loaded. */
export function createAlcove(options: AlcoveOptions = {}): Alcove {
  const { catalogueUrl = DEFAULT_CATALOGUE_URL, databaseName } = options;
  const url = new URL(catalogueUrl, document.baseURI).href;
  return new Alcove(new ModelSession({ catalogueUrl: url, ...(databaseName !== undefined && { databaseName }) }));
}
