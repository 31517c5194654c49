import type { LoadProgress } from '../engine/engine.ts';
import { ModelSession, type ModelSessionOptions } from '../session/model-session.ts';
import { DEFAULT_CATALOGUE_URL } from '../session/models/default-catalogue.ts';
import { answerRequest } from './alcove-fetch.ts';
import { toApiError } from './api-error.ts';
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
   * @throws AlcoveApiError; AbortError after `signal`
   */
  async load(
    model: string,
    { signal = new AbortController().signal, onProgress = () => {} }: LoadOptions = {},
  ): Promise<void> {
    try {
      await this.#session.start();
      await this.#session.load(model, signal, onProgress);
    } catch (error) {
      throw toApiError(error);
    }
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
