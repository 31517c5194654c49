import type { ModelTarget } from '../../models/backend.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { AlcoveError } from '../../platform/errors.ts';
import { checkSupported, unsupported } from '../capabilities.ts';
import { checkPrompt } from '../check-prompt.ts';
import {
  type Capabilities,
  type CountTokensCall,
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
import { EventQueue } from '../stream/event-queue.ts';
import { mustCall, offeredTools } from '../tool-prompt.ts';
import { writeAnswer } from './browser-answer.ts';
import { browserCapabilities } from './browser-capabilities.ts';
import { fromBrowserError } from './browser-errors.ts';
import { type BrowserLanguageModel, findBrowserModel } from './browser-language-model.ts';
import { toBrowserMessages } from './browser-messages.ts';
import { BrowserSessions } from './browser-sessions.ts';

/** The browser reports the share of its download and no size; the contract counts bytes, so the share is of this. */
const WHOLE_DOWNLOAD = 1_000_000;

/**
 * The browser's own model, through its Prompt API. The browser downloads it, keeps it, and computes where it likes. A page
 * can set no sampling parameter of it, and gets no log probabilities.
 */
export class BrowserEngine implements ModelOwner {
  readonly id = 'browser';
  readonly #find: () => BrowserLanguageModel | undefined;
  readonly #calls = new OneCallAtATime<AbortController>();
  #sessions: BrowserSessions | undefined;
  #loaded: LoadedModel | undefined;

  /** @param find default: the browser's own `LanguageModel` */
  constructor(find: () => BrowserLanguageModel | undefined = findBrowserModel) {
    this.#find = find;
  }

  async probe(): Promise<EngineProbe> {
    return { supported: true, device: await probeDevice() };
  }

  get loaded(): LoadedModel | undefined {
    return this.#loaded;
  }

  async capabilities(_model: ModelRecord): Promise<Capabilities> {
    return this.#loaded?.ready.capabilities ?? browserCapabilities(this.#find());
  }

  async *load(target: ModelTarget, signal: AbortSignal): AsyncGenerator<LoadProgress, void> {
    const call = this.#open(signal);
    try {
      yield* this.#load(target, call.signal);
      call.signal.throwIfAborted();
    } catch (error) {
      throw fromBrowserError(error, call.signal, 'load-failed');
    } finally {
      this.#close(call);
    }
  }

  async *generate({ model, backend, ...request }: GenerateCall, signal: AbortSignal): AsyncGenerator<GenerateEvent> {
    const call = this.#open(signal);
    try {
      checkPrompt(request);
      if (!isLoaded(this.#loaded, { model, backend })) yield* this.#load({ model, backend }, call.signal);
      checkSupported(request, await this.capabilities(model));
      // The browser's model itself decides whether it calls a tool.
      if (offeredTools(request).length > 0 && mustCall(request)) throw unsupported('toolChoice');
      yield* writeAnswer(this.#ready(), request, call.signal);
    } catch (error) {
      throw fromBrowserError(error, call.signal, 'generation-failed');
    } finally {
      this.#close(call);
    }
  }

  async countTokens({ messages, ...target }: CountTokensCall, signal: AbortSignal): Promise<number> {
    const call = this.#open(signal);
    try {
      const continueLast = messages.at(-1)?.role === 'assistant';
      checkPrompt({ messages, continueLast });
      for await (const step of this.#load(target, call.signal)) void step;
      return await this.#ready().count(await toBrowserMessages(messages, continueLast), call.signal);
    } catch (error) {
      throw fromBrowserError(error, call.signal, 'generation-failed');
    } finally {
      this.#close(call);
    }
  }

  async embed(): Promise<never> {
    throw unsupported('embed');
  }

  async unload(): Promise<void> {
    this.#calls.giveUp()?.abort();
    this.#sessions?.end();
    this.#sessions = undefined;
    this.#loaded = undefined;
  }

  /** The browser reports nothing between calls. */
  subscribe(): () => void {
    return () => {};
  }

  dispose(): void {
    this.#calls.dispose();
    void this.unload();
  }

  async *#load(target: ModelTarget, signal: AbortSignal): AsyncGenerator<LoadProgress, void> {
    if (!isLoaded(this.#loaded, target)) {
      const model = this.#find();
      if (model === undefined) throw new AlcoveError('model-missing', 'this browser has no model of its own');
      const sessions = new BrowserSessions(model);
      const shares = new EventQueue<number>();
      sessions
        .start(signal, (share) => shares.push(share))
        .then(
          () => shares.end(),
          (error: unknown) => shares.fail(fromBrowserError(error, signal, 'load-failed')),
        );
      for await (const share of shares) {
        // A model that is on the device still reports 0 and 1.
        if (share > 0 && share < 1) yield progress('weights', Math.round(share * WHOLE_DOWNLOAD));
      }
      const capabilities = await browserCapabilities(model);
      this.#sessions = sessions;
      this.#loaded = { ...target, ready: { ...progress('ready', WHOLE_DOWNLOAD), capabilities } };
    }
    yield this.#loaded.ready;
  }

  #ready(): BrowserSessions {
    if (this.#sessions === undefined) throw new AlcoveError('model-not-loaded', 'the model was unloaded');
    return this.#sessions;
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

function progress(phase: LoadProgress['phase'], loadedBytes: number): LoadProgress {
  return { type: 'load-progress', phase, loadedBytes, totalBytes: WHOLE_DOWNLOAD };
}
