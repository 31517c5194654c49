import type { ChatSettings } from '../chat/settings/chat-settings.ts';
import { type Persona, readPersona } from '../chat/settings/persona.ts';
import { readPrompt, type SavedPrompt } from '../chat/settings/saved-prompt.ts';
import { readChatSettings } from '../chat/settings/setting-limits.ts';
import { RecordStore } from './record-store.ts';

const SETTINGS = 'settings';
const PERSONA = 'persona:';
const PROMPT = 'prompt:';

/** The settings for all chats, and the user's own personas and prompts. */
export class PreferenceStore {
  readonly #records: RecordStore;

  /** @param name of all databases of a session */
  constructor(name = 'alcove') {
    this.#records = new RecordStore(name, {
      name: `${name}-preferences`,
      toEntries: (stores) => [
        ...(stores.get('settings') ?? []).map(([, value]) => [SETTINGS, value] as const),
        ...(stores.get('personas') ?? []).map(([id, value]) => [PERSONA + id, value] as const),
      ],
    });
  }

  /** Leaves out what is stored and invalid: a broken setting must not keep a chat from its answer. */
  async load(): Promise<{ settings: ChatSettings; personas: Persona[]; prompts: SavedPrompt[] }> {
    const [settings, personas, prompts] = await Promise.all([
      this.#records.get<unknown>(SETTINGS),
      this.#records.list<unknown>(PERSONA),
      this.#records.list<unknown>(PROMPT),
    ]);
    return {
      settings: readChatSettings(settings),
      personas: personas.flatMap((persona) => readPersona(persona, () => crypto.randomUUID()) ?? []),
      prompts: prompts.flatMap((prompt) => readPrompt(prompt, () => crypto.randomUUID()) ?? []),
    };
  }

  async saveSettings(settings: ChatSettings): Promise<void> {
    await this.#records.put([[SETTINGS, settings]]);
  }

  async savePersonas(personas: readonly Persona[]): Promise<void> {
    await this.#records.put(personas.map((persona) => [PERSONA + persona.id, persona]));
  }

  async savePrompts(prompts: readonly SavedPrompt[]): Promise<void> {
    await this.#records.put(prompts.map((prompt) => [PROMPT + prompt.id, prompt]));
  }

  async deletePrompt(id: string): Promise<void> {
    await this.#records.delete([PROMPT + id]);
  }

  close(): void {
    this.#records.close();
  }

  async deletePersona(id: string): Promise<void> {
    await this.#records.delete([PERSONA + id]);
  }
}
