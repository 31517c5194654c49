import type { CustomServerSource, ModelRecord } from '../../models/model-record.ts';
import { AlcoveError, abortError } from '../../platform/errors.ts';
import { checkSupported, unsupported } from '../capabilities.ts';
import { checkPrompt } from '../check-prompt.ts';
import type {
  Capabilities,
  Engine,
  EngineProbe,
  GenerateEvent,
  GenerateRequest,
  LoadProgress,
  PromptMessage,
} from '../engine.ts';
import { probeDevice } from '../probe-device.ts';
import { toMessage } from './chat-body.ts';
import { asArray, asCount, asObject, asText } from './chat-chunk.ts';
import { getJson, listModels } from './list-models.ts';
import { serverCapabilities } from './server-capabilities.ts';
import { streamAnswer } from './stream-answer.ts';

export interface ServerEngineOptions {
  /** The key of a server, from where it is kept; asked for each call and held no longer. */
  readonly readKey: (serverId: string) => Promise<string | undefined>;
  /** ms without a byte of an answer after which the server counts as silent. */
  readonly silentAfterMs?: number;
}

/** A server may have to load a model of hundreds of gigabytes before its first token. */
const SILENT_AFTER_MS = 180_000;

interface Loaded {
  readonly modelId: string;
  readonly source: CustomServerSource;
  readonly capabilities: Capabilities;
}

/**
 * A server of the reader's own that keeps the OpenAI protocol: vLLM, llama.cpp's, Ollama, LM Studio. What is asked of it
 * leaves this device. "Loading" is asking whether it is there and has the model; nothing is kept of an answer.
 */
export class ServerEngine implements Engine {
  readonly id = 'server';
  readonly #readKey: ServerEngineOptions['readKey'];
  readonly #silentAfterMs: number;
  #loaded: Loaded | undefined;
  #call: AbortController | undefined;
  #disposed = false;

  constructor({ readKey, silentAfterMs = SILENT_AFTER_MS }: ServerEngineOptions) {
    this.#readKey = readKey;
    this.#silentAfterMs = silentAfterMs;
  }

  async probe(): Promise<EngineProbe> {
    return { supported: true, device: await probeDevice() };
  }

  async capabilities(model: ModelRecord): Promise<Capabilities> {
    if (this.#loaded?.modelId === model.id) return this.#loaded.capabilities;
    return serverCapabilities(model.source.kind === 'own-server' ? model.source.serverKind : 'other');
  }

  async *load(model: ModelRecord, signal: AbortSignal): AsyncGenerator<LoadProgress, void> {
    const call = this.#open(signal);
    try {
      if (this.#loaded?.modelId !== model.id) {
        this.#loaded = undefined;
        this.#loaded = await this.#meet(model, call.signal);
      }
      const { capabilities } = this.#loaded;
      yield { type: 'load-progress', phase: 'ready', loadedBytes: 0, totalBytes: 0, capabilities };
      if (call.signal.aborted) throw abortError();
    } finally {
      this.#close(call);
    }
  }

  async *generate(request: GenerateRequest, signal: AbortSignal): AsyncGenerator<GenerateEvent, void> {
    const call = this.#open(signal);
    try {
      checkPrompt(request);
      const { source, capabilities } = this.#theLoaded();
      checkSupported(request, capabilities);
      const key = await this.#readKey(source.serverId);
      const options = { source, key, signal: call.signal, silentAfterMs: this.#silentAfterMs };
      for await (const event of streamAnswer(request, options)) {
        if (call.signal.aborted) throw abortError();
        yield event;
      }
    } finally {
      this.#close(call);
    }
  }

  async countTokens(messages: readonly PromptMessage[], signal: AbortSignal): Promise<number> {
    const call = this.#open(signal);
    try {
      checkPrompt({ messages, continueLast: messages.at(-1)?.role === 'assistant' });
      const { source, capabilities } = this.#theLoaded();
      if (!capabilities.countTokens) throw unsupported('count-tokens');
      return await this.#count(source, await Promise.all(messages.map(toMessage)), call.signal);
    } finally {
      this.#close(call);
    }
  }

  async embed(model: ModelRecord, texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> {
    const call = this.#open(signal);
    try {
      const source = sourceOf(model);
      if (!(await this.capabilities(model)).embeddings) throw unsupported('embed');
      const json = await this.#ask(source, '/v1/embeddings', call.signal, { model: source.model, input: texts });
      return asArray(asObject(json)?.['data']).map((item) => toVector(asObject(item)?.['embedding'], source));
    } finally {
      this.#close(call);
    }
  }

  async unload(): Promise<void> {
    this.#call?.abort();
    this.#call = undefined;
    this.#loaded = undefined;
  }

  /** Between calls nothing happens that a server would tell. */
  subscribe(): () => void {
    return () => {};
  }

  dispose(): void {
    this.#disposed = true;
    void this.unload();
  }

  /** Whether the server is there, lets us in and has the model; what else it tells of it. */
  async #meet(model: ModelRecord, signal: AbortSignal): Promise<Loaded> {
    const source = sourceOf(model);
    const { host } = new URL(source.baseUrl);
    const key = await this.#readKey(source.serverId);
    const { models } = await listModels(source.baseUrl, { key, signal });
    if (!models.some(({ name }) => name === source.model)) {
      const data = { host, model: source.model };
      throw new AlcoveError('server-model-unknown', `${host} has no ${source.model}`, { data });
    }
    const capabilities = serverCapabilities(source.serverKind);
    if (source.serverKind !== 'llama.cpp') return { modelId: model.id, source, capabilities };
    const props = asObject(await this.#ask(source, '/props', signal));
    return {
      modelId: model.id,
      source,
      capabilities: {
        ...capabilities,
        thinkingSwitch: asText(props?.['chat_template']).includes('enable_thinking'),
        tools: /\btools\b/.test(asText(props?.['chat_template'])),
        images: asObject(props?.['modalities'])?.['vision'] === true,
      },
    };
  }

  async #count(source: CustomServerSource, messages: readonly unknown[], signal: AbortSignal): Promise<number> {
    if (source.serverKind === 'vllm') {
      const counted = asObject(await this.#ask(source, '/tokenize', signal, { model: source.model, messages }));
      return asCount(counted?.['count']) ?? 0;
    }
    const prompt = asText(asObject(await this.#ask(source, '/apply-template', signal, { messages }))?.['prompt']);
    const body = { content: prompt, add_special: true, parse_special: true };
    return asArray(asObject(await this.#ask(source, '/tokenize', signal, body))?.['tokens']).length;
  }

  /** @param path below the address without `/v1` */
  async #ask(
    { baseUrl, serverId }: CustomServerSource,
    path: string,
    signal: AbortSignal,
    body?: unknown,
  ): Promise<unknown> {
    const key = await this.#readKey(serverId);
    return getJson(baseUrl.replace(/\/v1$/, '') + path, { key, signal }, body);
  }

  #theLoaded(): Loaded {
    if (this.#loaded === undefined) throw new AlcoveError('model-not-loaded', 'load a model first');
    return this.#loaded;
  }

  #open(signal: AbortSignal): AbortController {
    if (this.#disposed || signal.aborted) throw abortError();
    if (this.#call !== undefined) throw new AlcoveError('engine-busy', 'another call is open');
    const call = new AbortController();
    signal.addEventListener('abort', () => call.abort(), { signal: call.signal });
    this.#call = call;
    return call;
  }

  #close(call: AbortController): void {
    call.abort();
    if (this.#call === call) this.#call = undefined;
  }
}

function sourceOf(model: ModelRecord): CustomServerSource {
  if (model.source.kind === 'own-server') return model.source;
  throw new AlcoveError('model-too-large', `${model.id} is on no server that is set up`);
}

function toVector(embedding: unknown, { baseUrl }: CustomServerSource): Float32Array {
  const values = asArray(embedding).map(Number);
  const norm = Math.hypot(...values);
  if (values.length === 0 || !(norm > 0)) {
    throw new AlcoveError('server-answer-invalid', 'no vector', { data: { host: new URL(baseUrl).host } });
  }
  return Float32Array.from(values, (value) => value / norm);
}
