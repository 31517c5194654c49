import type { ChatSettings } from '../../chat/settings/chat-settings.ts';
import { type Persona, readPersonaFile, toPersonaFile } from '../../chat/settings/persona.ts';
import { PreferenceStore } from '../../storage/preference-store.ts';
import { StateStore } from '../state/state-store.ts';

export interface PreferenceState {
  /** For all chats; a chat's own stand before them. */
  readonly forAll: ChatSettings;
  /** For the chat that the next message begins. */
  readonly forNext: ChatSettings;
  /** The reader's own. */
  readonly personas: readonly Persona[];
}

/** What a reader has set for all chats, and their personas. Kept in IndexedDB; all tabs have the same. */
export class Preferences {
  readonly #state = new StateStore<PreferenceState>({ forAll: {}, forNext: {}, personas: [] });
  readonly #store: PreferenceStore;
  readonly #channel: BroadcastChannel;
  #started: Promise<void> | undefined;

  constructor(name: string) {
    this.#store = new PreferenceStore(name);
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = () => void this.#load();
  }

  get state(): PreferenceState {
    return this.#state.state;
  }

  /** `listener` is called after each change. Returns its undo. */
  subscribe(listener: () => void): () => void {
    return this.#state.subscribe(listener);
  }

  /** Resolves when what is stored has been read. Without a store all is as it was never set; never throws. */
  start(): Promise<void> {
    this.#started ??= this.#load();
    return this.#started;
  }

  /** Holds in this tab from now on; kept and told to the other tabs where the browser stores anything. */
  async setForAll(forAll: ChatSettings): Promise<void> {
    this.#state.set({ forAll });
    await this.#keep(() => this.#store.saveSettings(forAll));
  }

  setForNext(forNext: ChatSettings): void {
    this.#state.set({ forNext });
  }

  /** Adds a persona, or replaces the one with its id. */
  async savePersona(persona: Persona): Promise<void> {
    await this.#addPersonas([persona]);
  }

  async deletePersona(id: string): Promise<void> {
    this.#state.set({ personas: this.state.personas.filter((persona) => persona.id !== id) });
    await this.#keep(() => this.#store.deletePersona(id));
  }

  exportPersonas(): Blob {
    return new Blob([toPersonaFile(this.state.personas)], { type: 'application/json' });
  }

  /** Returns how many came in, and how many entries of the file could not be read. */
  async importPersonas(file: Blob): Promise<{ added: number; unread: number }> {
    const { personas, unread } = readPersonaFile(await file.text(), () => crypto.randomUUID());
    await this.#addPersonas(personas);
    return { added: personas.length, unread };
  }

  dispose(): void {
    this.#channel.close();
    this.#store.close();
  }

  async #addPersonas(added: readonly Persona[]): Promise<void> {
    const ids = new Set(added.map(({ id }) => id));
    this.#state.set({ personas: [...this.state.personas.filter(({ id }) => !ids.has(id)), ...added] });
    await this.#keep(() => this.#store.savePersonas(added));
  }

  async #load(): Promise<void> {
    try {
      const { settings, personas } = await this.#store.load();
      this.#state.set({ forAll: settings, personas });
    } catch {
      // Nothing is stored in this window: what is set holds until the tab is closed.
    }
  }

  async #keep(write: () => Promise<void>): Promise<void> {
    await write();
    this.#channel.postMessage('changed');
  }
}
