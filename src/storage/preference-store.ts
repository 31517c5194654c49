import type { ChatSettings } from '../chat/settings/chat-settings.ts';
import { type Persona, readPersona } from '../chat/settings/persona.ts';
import { readChatSettings } from '../chat/settings/setting-limits.ts';
import { RecordStore } from './record-store.ts';

const SETTINGS = 'settings';
const PERSONA = 'persona:';

/** The settings for all chats and the user's own personas. */
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
  async load(): Promise<{ settings: ChatSettings; personas: Persona[] }> {
    const [settings, personas] = await Promise.all([
      this.#records.get<unknown>(SETTINGS),
      this.#records.list<unknown>(PERSONA),
    ]);
    return {
      settings: readChatSettings(settings),
      personas: personas.flatMap((persona) => readPersona(persona, () => crypto.randomUUID()) ?? []),
    };
  }

  async saveSettings(settings: ChatSettings): Promise<void> {
    await this.#records.put([[SETTINGS, settings]]);
  }

  async savePersonas(personas: readonly Persona[]): Promise<void> {
    await this.#records.put(personas.map((persona) => [PERSONA + persona.id, persona]));
  }

  close(): void {
    this.#records.close();
  }

  async deletePersona(id: string): Promise<void> {
    await this.#records.delete([PERSONA + id]);
  }
}
