import { expect } from 'vitest';
import type { GenerateCall, GenerateEvent } from '../../engine/engine.ts';
import { ScriptedEngine } from '../../engine/scripted/scripted-engine.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { scriptedRecord } from '../../models/testing/made-up.ts';
import { Session, type SessionOptions } from '../../session/session.ts';
import { AlcoveChatElement } from '../alcove-chat-element.ts';
import type { AlcoveChatEventMap } from '../events.ts';

/** Holds each answer after its first word until `release`; a stop ends it as well. */
export class HeldEngine extends ScriptedEngine {
  #gate = Promise.withResolvers<void>();

  release(): void {
    this.#gate.resolve();
  }

  override async *generate(call: GenerateCall, signal: AbortSignal): AsyncGenerator<GenerateEvent> {
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    for await (const event of super.generate(call, signal)) {
      yield event;
      if (event.type === 'text-delta') await Promise.race([this.#gate.promise, stopped]);
    }
  }
}

/** The element with the scripted engine in its own sessions, and a database of its own. */
export class ScriptedChat extends AlcoveChatElement {
  scripted = new ScriptedEngine();
  databaseName = `test-${crypto.randomUUID()}`;
  /** The sessions that the element has made, oldest first. */
  readonly made: Session[] = [];

  protected override createSession(options: SessionOptions): Session {
    const { scripted, databaseName } = this;
    const session = new Session({ ...options, databaseName, createEngine: async () => scripted });
    this.made.push(session);
    return session;
  }
}

customElements.define('scripted-chat', ScriptedChat);

export function catalogueOf(...models: readonly ModelRecord[]): string {
  return URL.createObjectURL(new Blob([JSON.stringify({ version: 1, models })]));
}

/** An element that is not in the page yet, with two models that need no download: `script` and `other`. */
export function scriptedChat(change: Partial<Pick<ScriptedChat, 'scripted' | 'databaseName'>> = {}): ScriptedChat {
  const chat = new ScriptedChat();
  Object.assign(chat, change);
  chat.catalogue = catalogueOf(scriptedRecord(), scriptedRecord({ id: 'other', name: 'Other' }));
  return chat;
}

/** Puts an element into the page and begins to use it. Resolves when the chat has taken the place of the shell. */
export async function show<Chat extends ScriptedChat>(chat: Chat, place: Element = document.body): Promise<Chat> {
  place.append(chat);
  await chat.chats.list();
  await expect.poll(() => chat.shadowRoot?.querySelector('alcove-chat-shell') ?? null).toBeNull();
  await chat.updateComplete;
  return chat;
}

/** The next event of a kind. */
export function once<Name extends keyof AlcoveChatEventMap>(
  target: EventTarget,
  name: Name,
): Promise<AlcoveChatEventMap[Name]> {
  return new Promise((resolve) => {
    target.addEventListener(name, (event) => resolve(event as AlcoveChatEventMap[Name]), { once: true });
  });
}

/** Records the events of these kinds, oldest first. */
export function record<Name extends keyof AlcoveChatEventMap>(
  target: EventTarget,
  ...names: readonly Name[]
): AlcoveChatEventMap[Name][] {
  const heard: AlcoveChatEventMap[Name][] = [];
  for (const name of names) target.addEventListener(name, (event) => heard.push(event as AlcoveChatEventMap[Name]));
  return heard;
}
