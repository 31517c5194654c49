import type { ModelSession } from '../session/model-session.ts';
import { invalidValue, toApiError } from './api-error.ts';
import { Parameters, wrongType } from './parameters.ts';
import type { RequestOptions } from './request-options.ts';

export interface EmbeddingCreateParams {
  /** Id of a downloaded model that llama.cpp runs, or of one on a custom server. */
  readonly model: string;
  readonly input: string | readonly string[];
  /** `base64`: 32-bit floats, little-endian. Default: `float`. */
  readonly encoding_format?: 'float' | 'base64' | null;
  readonly user?: string | null;
}

export interface CreateEmbeddingResponse {
  readonly object: 'list';
  readonly model: string;
  readonly data: readonly Embedding[];
  /** 0 if the engine does not say. */
  readonly usage: { readonly prompt_tokens: number; readonly total_tokens: number };
}

export interface Embedding {
  readonly object: 'embedding';
  readonly index: number;
  /** Of length 1. Text in base64 if that was asked for. */
  readonly embedding: readonly number[] | string;
}

/** OpenAI's limit. */
const MOST_INPUTS = 2048;

/** `alcove.embeddings` */
export class Embeddings {
  readonly #session: ModelSession;

  constructor(session: ModelSession) {
    this.#session = session;
  }

  /** Texts as vectors. @throws AlcoveApiError; AbortError after `signal` */
  async create(
    params: EmbeddingCreateParams,
    { signal = new AbortController().signal }: RequestOptions = {},
  ): Promise<CreateEmbeddingResponse> {
    try {
      const { model, texts, isBase64 } = readRequest(params);
      await this.#session.start();
      const { vectors, promptTokens = 0 } = await this.#session.embed(model, texts, signal);
      return {
        object: 'list',
        model,
        data: vectors.map((vector, index) => {
          return { object: 'embedding', index, embedding: isBase64 ? toBase64(vector) : [...vector] };
        }),
        usage: { prompt_tokens: promptTokens, total_tokens: promptTokens },
      };
    } catch (error) {
      throw toApiError(error, { messages: 'input' });
    }
  }
}

function readRequest(body: unknown) {
  const parameters = new Parameters(body);
  const model = parameters.requiredString('model');
  const texts = readTexts(parameters);
  const isBase64 = parameters.oneOf('encoding_format', ['float', 'base64']) === 'base64';
  parameters.accept('user');
  parameters.refuse({ dimensions: [] });
  parameters.end();
  return { model, texts, isBase64 };
}

function readTexts(parameters: Parameters): readonly string[] {
  const value = parameters.required('input');
  const texts =
    typeof value === 'string' ? [value] : (parameters.array('input', { least: 1, most: MOST_INPUTS }) ?? []);
  return texts.map((text, index) => {
    const param = typeof value === 'string' ? 'input' : `input[${index}]`;
    if (typeof text !== 'string') throw wrongType(param, 'a string: tokens are not supported', text);
    if (text === '') throw invalidValue(param, `Invalid '${param}': it is empty.`);
    return text.toWellFormed();
  });
}

/** All devices with WebAssembly are little-endian. */
function toBase64({ buffer, byteOffset, byteLength }: Float32Array): string {
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
