import type { DBSchema } from 'idb';
import type { ChatSettings } from '../chat/settings/chat-settings.ts';
import { type Persona, readPersona } from '../chat/settings/persona.ts';
import { readChatSettings } from '../chat/settings/setting-limits.ts';
import { Database } from './database.ts';

interface PreferenceSchema extends DBSchema {
  /** One record, under `forAll`. */
  settings: { key: 'forAll'; value: ChatSettings };
  personas: { key: string; value: Persona };
}

/** The settings for all chats and the reader's own personas, in IndexedDB. */
export class PreferenceStore {
  readonly #database: Database<PreferenceSchema>;

  constructor(name = 'alcove-preferences') {
    this.#database = new Database<PreferenceSchema>(name, 1, (database) => {
      database.createObjectStore('settings');
      database.createObjectStore('personas', { keyPath: 'id' });
    });
  }

  /** What is stored and not as it must be is left out: a broken setting may not keep a chat from its answer. */
  async load(): Promise<{ settings: ChatSettings; personas: Persona[] }> {
    const [settings, personas] = await this.#database.run((database) =>
      Promise.all([database.get('settings', 'forAll'), database.getAll('personas')]),
    );
    return {
      settings: readChatSettings(settings),
      personas: personas.flatMap((persona) => readPersona(persona, () => crypto.randomUUID()) ?? []),
    };
  }

  async saveSettings(settings: ChatSettings): Promise<void> {
    await this.#database.run((database) => database.put('settings', settings, 'forAll'));
  }

  async savePersonas(personas: readonly Persona[]): Promise<void> {
    await this.#database.run(async (database) => {
      const transaction = database.transaction('personas', 'readwrite');
      await Promise.all([...personas.map((persona) => transaction.store.put(persona)), transaction.done]);
    });
  }

  async deletePersona(id: string): Promise<void> {
    await this.#database.run((database) => database.delete('personas', id));
  }

  close(): void {
    this.#database.close();
  }
}
