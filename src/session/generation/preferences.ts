import type { Conversation } from '../../chat/conversation.ts';
import type { ChatSettings } from '../../chat/settings/chat-settings.ts';
import { type Persona, readPersonaFile, toPersonaFile } from '../../chat/settings/persona.ts';
import { readPromptFile, type SavedPrompt, toPromptFile } from '../../chat/settings/saved-prompt.ts';
import { setFields } from '../../chat/tree.ts';
import { TabChannel } from '../../platform/tab-channel.ts';
import { PreferenceStore } from '../../storage/preference-store.ts';
import type { ChatRepository } from '../chats/chat-repository.ts';
import { once } from '../state/deferred-methods.ts';
import type { PreferenceState, SessionState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';

const NOTHING_SET: PreferenceState = { forAll: {}, forNext: {}, personas: [], prompts: [] };

/** Stores the settings for all chats, the personas and the prompts for all tabs, and publishes them as `state.preferences`. */
export class Preferences {
  readonly #state: StateStore<SessionState>;
  readonly #repository: ChatRepository;
  readonly #channel: TabChannel<'changed'>;
  readonly #store: () => Promise<PreferenceStore>;
  #reading: Promise<void> | undefined;

  constructor(state: StateStore<SessionState>, repository: ChatRepository, databasePrefix: string) {
    this.#state = state;
    this.#repository = repository;
    this.#store = once(async () => new PreferenceStore(databasePrefix));
    this.#channel = new TabChannel(`${databasePrefix}-preferences`, 1, () => void this.#load());
  }

  /** The settings that apply now; empty before the end of `read`. */
  get current(): PreferenceState {
    return this.#state.state.preferences ?? NOTHING_SET;
  }

  /** Reads the stored settings, once. Never throws: without a store nothing is set. */
  async read(): Promise<PreferenceState> {
    this.#reading ??= this.#load();
    await this.#reading;
    return this.current;
  }

  /** Sets the settings for all chats. They apply in this tab even if storing throws. @throws AlcoveError of the store */
  async setForAll(forAll: ChatSettings): Promise<void> {
    await this.read();
    this.#set({ forAll });
    await this.#keep((store) => store.saveSettings(forAll));
  }

  /** Sets the settings of one chat, without a new load. @param chat undefined for the next new chat */
  async setForChat(chat: Conversation | undefined, settings: ChatSettings): Promise<void> {
    if (chat !== undefined) {
      // An answer may have changed the chat since the caller read it.
      this.#repository.put(setFields(this.#repository.get(chat.id) ?? chat, { settings }, this.#repository.now()), []);
      return;
    }
    await this.read();
    this.#set({ forNext: settings });
  }

  /** Sets the instructions of the page that shows the chats; they apply from the next answer on. */
  setInstructions(instructions: string | undefined): void {
    this.#set({ instructions });
  }

  /** Returns the settings for the new chat, and clears them for the one after it. */
  takeForNext(): ChatSettings | undefined {
    const { forNext } = this.current;
    if (Object.keys(forNext).length === 0) return undefined;
    this.#set({ forNext: {} });
    return forNext;
  }

  /** Adds a persona, or replaces the one with its id. @throws AlcoveError of the store */
  async savePersona(persona: Persona): Promise<void> {
    await this.#addPersonas([persona]);
  }

  /** @throws AlcoveError of the store */
  async deletePersona(id: string): Promise<void> {
    const { personas } = await this.read();
    this.#set({ personas: personas.filter((persona) => persona.id !== id) });
    await this.#keep((store) => store.deletePersona(id));
  }

  async exportPersonas(): Promise<Blob> {
    const { personas } = await this.read();
    return new Blob([toPersonaFile(personas)], { type: 'application/json' });
  }

  /** Returns the number of added personas and of unreadable entries. @throws AlcoveError of the store */
  async importPersonas(file: Blob): Promise<{ added: number; unread: number }> {
    const { personas, unread } = readPersonaFile(await file.text(), () => crypto.randomUUID());
    await this.#addPersonas(personas);
    return { added: personas.length, unread };
  }

  /** Adds a prompt, or replaces the one with its id. @throws AlcoveError of the store */
  async savePrompt(prompt: SavedPrompt): Promise<void> {
    await this.#addPrompts([prompt]);
  }

  /** @throws AlcoveError of the store */
  async deletePrompt(id: string): Promise<void> {
    const { prompts } = await this.read();
    this.#set({ prompts: prompts.filter((prompt) => prompt.id !== id) });
    await this.#keep((store) => store.deletePrompt(id));
  }

  async exportPrompts(): Promise<Blob> {
    const { prompts } = await this.read();
    return new Blob([toPromptFile(prompts)], { type: 'application/json' });
  }

  /** Returns the number of added prompts and of unreadable entries. @throws AlcoveError of the store */
  async importPrompts(file: Blob): Promise<{ added: number; unread: number }> {
    const { prompts, unread } = readPromptFile(await file.text(), () => crypto.randomUUID());
    await this.#addPrompts(prompts);
    return { added: prompts.length, unread };
  }

  dispose(): void {
    this.#channel.close();
    // Resolves at once where the store was opened; a store that nobody asked for has no connection.
    this.#store().then(
      (store) => store.close(),
      () => {},
    );
  }

  #set(change: Partial<PreferenceState>): void {
    this.#state.set({ preferences: { ...this.current, ...change } });
  }

  async #addPersonas(added: readonly Persona[]): Promise<void> {
    const { personas } = await this.read();
    const ids = new Set(added.map(({ id }) => id));
    this.#set({ personas: [...personas.filter(({ id }) => !ids.has(id)), ...added] });
    await this.#keep((store) => store.savePersonas(added));
  }

  async #addPrompts(added: readonly SavedPrompt[]): Promise<void> {
    const { prompts } = await this.read();
    const ids = new Set(added.map(({ id }) => id));
    this.#set({ prompts: [...prompts.filter(({ id }) => !ids.has(id)), ...added] });
    await this.#keep((store) => store.savePrompts(added));
  }

  async #load(): Promise<void> {
    try {
      const { settings, ...own } = await (await this.#store()).load();
      this.#set({ forAll: settings, ...own });
    } catch {
      // Nothing can be stored in this window: settings apply until the tab is closed.
      this.#set({});
    }
  }

  async #keep(write: (store: PreferenceStore) => Promise<void>): Promise<void> {
    await write(await this.#store());
    this.#channel.post('changed');
  }
}
