/**
 * The part of Chrome's Prompt API that the engine uses, after its IDL of June 2026
 * (https://webmachinelearning.github.io/prompt-api/), and whether this browser has it.
 */

export interface BrowserLanguageModel {
  availability(options?: BrowserModelOptions): Promise<'unavailable' | 'downloadable' | 'downloading' | 'available'>;
  /** @throws DOMException `NotAllowedError` if it needs a download and the user has not just clicked or typed */
  create(options?: BrowserModelCreateOptions): Promise<BrowserModelSession>;
}

export interface BrowserModelSession extends EventTarget {
  /** Tokens of the conversation so far. */
  readonly contextUsage: number;
  /** Tokens. */
  readonly contextWindow: number;
  promptStreaming(input: readonly BrowserMessage[], options?: BrowserPromptOptions): ReadableStream<string>;
  measureContextUsage(input: readonly BrowserMessage[], options?: BrowserPromptOptions): Promise<number>;
  destroy(): void;
}

export interface BrowserModelOptions {
  readonly expectedInputs?: readonly { readonly type: 'text' | 'image' }[];
  readonly tools?: readonly BrowserTool[];
}

export interface BrowserModelCreateOptions extends BrowserModelOptions {
  readonly signal?: AbortSignal;
  readonly monitor?: (monitor: EventTarget) => void;
  readonly initialPrompts?: readonly BrowserMessage[];
}

export interface BrowserPromptOptions {
  readonly responseConstraint?: object;
  readonly signal?: AbortSignal;
}

export interface BrowserTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: object;
  readonly execute: (input: unknown) => Promise<string>;
}

export interface BrowserMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string | readonly BrowserContent[];
  readonly prefix?: boolean;
}

export type BrowserContent =
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'image'; readonly value: Blob };

/**
 * The browser's own `LanguageModel`. A script can put another one in its place: `alcove-chat/prompt-api` does, and a polyfill
 * may send prompts to a server. Neither is taken for the browser's: the functions of a browser have no source.
 */
export function findBrowserModel(scope: object = globalThis): BrowserLanguageModel | undefined {
  const found: unknown = Reflect.get(scope, 'LanguageModel');
  if (typeof found !== 'function') return undefined;
  const functions: readonly unknown[] = [found, Reflect.get(found, 'availability'), Reflect.get(found, 'create')];
  return functions.every(isNative) ? (found as unknown as BrowserLanguageModel) : undefined;
}

function isNative(value: unknown): boolean {
  return typeof value === 'function' && /\{\s*\[native code\]\s*\}\s*$/.test(Function.prototype.toString.call(value));
}
