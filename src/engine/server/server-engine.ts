import type { ModelTarget } from '../../models/backend.ts';
import type { CustomServerSource, ModelRecord } from '../../models/model-record.ts';
import { AlcoveError, abortError } from '../../platform/errors.ts';
import { checkSupported, unsupported } from '../capabilities.ts';
import { checkPrompt } from '../check-prompt.ts';
import {
  type Capabilities,
  type CountTokensCall,
  type EmbedCall,
  type Embeddings,
  type EngineProbe,
  type GenerateCall,
  type GenerateEvent,
  isLoaded,
  type LoadedModel,
  type LoadProgress,
  type ModelOwner,
} from '../engine.ts';
import { OneCallAtATime } from '../one-call-at-a-time.ts';
import { probeDevice } from '../probe-device.ts';
import { toMessage } from './chat-body.ts';
import { asArray, asCount, asObject, asText } from './chat-chunk.ts';
import { getJson, listModels } from './list-models.ts';
import { serverCapabilities } from './server-capabilities.ts';
import { streamAnswer } from './stream-answer.ts';

export interface ServerEngineOptions {
  /** The key of a server, from where it is kept; asked for each call and held no longer. */
  readonly readKey: (serverId: string) => Promise<string | undefined>;
  /** Called once the engine reads no key any more. */
  readonly onDispose?: () => void;
  /** ms without a byte of an answer after which the server counts as silent. */
  readonly silentAfterMs?: number;
}

/** A server may have to load a model of hundreds of gigabytes before its first token. */
const SILENT_AFTER_MS = 180_000;

/**
 * A custom server that speaks the OpenAI protocol: vLLM, llama.cpp's, Ollama, LM Studio. Everything that is asked of it
 * leaves this device. A load asks whether the server answers and has the model; nothing of an answer is stored.
 */
export class ServerEngine implements ModelOwner {
  readonly id = 'server';
  readonly #readKey: ServerEngineOptions['readKey'];
  readonly #silentAfterMs: number;
  readonly #onDispose: () => void;
  readonly #calls = new OneCallAtATime<AbortController>();
  #loaded: LoadedModel | undefined;

  constructor({ readKey, onDispose = () => {}, silentAfterMs = SILENT_AFTER_MS }: ServerEngineOptions) {
    this.#readKey = readKey;
    this.#onDispose = onDispose;
    this.#silentAfterMs = silentAfterMs;
  }

  async probe(): Promise<EngineProbe> {
    return { supported: true, device: await probeDevice() };
  }

  get loaded(): LoadedModel | undefined {
    return this.#loaded;
  }

  async capabilities(model: ModelRecord): Promise<Capabilities> {
    const reported = this.#loaded?.model.id === model.id ? this.#loaded.ready.capabilities : undefined;
    return reported ?? serverCapabilities(model.source.kind === 'custom-server' ? model.source.serverKind : 'other');
  }

  async *load(target: ModelTarget, signal: AbortSignal): AsyncGenerator<LoadProgress, void> {
    const call = this.#open(signal);
    try {
      yield await this.#load(target, call.signal);
      if (call.signal.aborted) throw abortError();
    } finally {
      this.#close(call);
    }
  }

  async *generate({ model, backend, ...request }: GenerateCall, signal: AbortSignal): AsyncGenerator<GenerateEvent> {
    const call = this.#open(signal);
    try {
      checkPrompt(request);
      if (!isLoaded(this.#loaded, { model, backend })) yield await this.#load({ model, backend }, call.signal);
      checkSupported(request, await this.capabilities(model));
      const source = sourceOf(model);
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

  async countTokens({ messages, ...target }: CountTokensCall, signal: AbortSignal): Promise<number> {
    const call = this.#open(signal);
    try {
      checkPrompt({ messages, continueLast: messages.at(-1)?.role === 'assistant' });
      await this.#load(target, call.signal);
      if (!(await this.capabilities(target.model)).countTokens) throw unsupported('count-tokens');
      return await this.#count(sourceOf(target.model), await Promise.all(messages.map(toMessage)), call.signal);
    } finally {
      this.#close(call);
    }
  }

  async embed({ model, texts }: EmbedCall, signal: AbortSignal): Promise<Embeddings> {
    const call = this.#open(signal);
    try {
      const source = sourceOf(model);
      if (!(await this.capabilities(model)).embeddings) throw unsupported('embed');
      const json = await this.#ask(source, '/v1/embeddings', call.signal, { model: source.model, input: texts });
      const data = asArray(asObject(json)?.['data']);
      return {
        vectors: data.map((item) => toVector(asObject(item)?.['embedding'], source)),
        promptTokens: asCount(asObject(asObject(json)?.['usage'])?.['prompt_tokens']),
      };
    } finally {
      this.#close(call);
    }
  }

  async unload(): Promise<void> {
    this.#calls.giveUp()?.abort();
    this.#loaded = undefined;
  }

  /** A server reports nothing between calls. */
  subscribe(): () => void {
    return () => {};
  }

  dispose(): void {
    this.#calls.dispose();
    void this.unload();
    this.#onDispose();
  }

  async #load(target: ModelTarget, signal: AbortSignal): Promise<LoadProgress> {
    if (isLoaded(this.#loaded, target)) return this.#loaded.ready;
    this.#loaded = undefined;
    const capabilities = await this.#askCapabilities(sourceOf(target.model), signal);
    const ready: LoadProgress = { type: 'load-progress', phase: 'ready', loadedBytes: 0, totalBytes: 0, capabilities };
    this.#loaded = { ...target, ready };
    return ready;
  }

  /** Asks whether the server answers, accepts the key and has the model, and what it reports of the model. */
  async #askCapabilities(source: CustomServerSource, signal: AbortSignal): Promise<Capabilities> {
    const { host } = new URL(source.baseUrl);
    const key = await this.#readKey(source.serverId);
    const { models } = await listModels(source.baseUrl, { key, signal });
    if (!models.some(({ name }) => name === source.model)) {
      const data = { host, model: source.model };
      throw new AlcoveError('server-model-unknown', `${host} has no ${source.model}`, { data });
    }
    const capabilities = serverCapabilities(source.serverKind);
    if (source.serverKind !== 'llama.cpp') return capabilities;
    const props = asObject(await this.#ask(source, '/props', signal));
    return {
      ...capabilities,
      thinkingSwitch: asText(props?.['chat_template']).includes('enable_thinking'),
      tools: /\btools\b/.test(asText(props?.['chat_template'])),
      images: asObject(props?.['modalities'])?.['vision'] === true,
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

  #open(signal: AbortSignal): AbortController {
    const call = this.#calls.open(new AbortController(), signal);
    signal.addEventListener('abort', () => call.abort(), { signal: call.signal });
    return call;
  }

  #close(call: AbortController): void {
    call.abort();
    this.#calls.close(call);
  }
}

function sourceOf(model: ModelRecord): CustomServerSource {
  if (model.source.kind === 'custom-server') return model.source;
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
