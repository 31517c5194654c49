import { mergeProjects, type Project } from '../../chat/project.ts';
import { isFields } from '../../platform/untrusted-json.ts';
import { Database } from '../database.ts';
import { CHAT_SCHEMA_VERSION, type ChatSchema, upgradeChats } from './chat-schema.ts';

/**
 * Projects, in the database of the chats: a transaction that looks for unused files sees theirs, and each history of chats has
 * its own. A change is made to what is stored, never to what a tab has read, so that tabs lose no change of each other, and
 * none stores a project again that another has deleted.
 */
export class ProjectStore {
  readonly #database: Database<ChatSchema>;

  /** @param name of the database of the chats */
  constructor(name: string) {
    this.#database = new Database<ChatSchema>(name, CHAT_SCHEMA_VERSION, upgradeChats);
  }

  /** Without those that cannot be read. */
  async list(): Promise<Project[]> {
    const all: unknown[] = await this.#database.run((database) => database.getAll('projects'));
    return all.filter(isProject);
  }

  /** Adds a project, or merges it with the stored one. */
  async put(project: Project): Promise<Project> {
    return this.#write(project.id, (stored) => (stored === undefined ? project : mergeProjects(stored, project)));
  }

  /** @returns undefined where the user has deleted the project, in this tab or another */
  async change(id: string, change: (stored: Project) => Project): Promise<Project | undefined> {
    return this.#write(id, (stored) => stored && change(stored));
  }

  async delete(id: string): Promise<void> {
    await this.#database.run((database) => database.delete('projects', id));
  }

  close(): void {
    this.#database.close();
  }

  async #write<Result extends Project | undefined>(
    id: string,
    change: (stored: Project | undefined) => Result,
  ): Promise<Result> {
    return this.#database.run(async (database) => {
      const transaction = database.transaction('projects', 'readwrite', { durability: 'strict' });
      const stored: unknown = await transaction.store.get(id);
      const project = change(isProject(stored) ? stored : undefined);
      await Promise.all([project && transaction.store.put(project), transaction.done]);
      return project;
    });
  }
}

function isProject(value: unknown): value is Project {
  return (
    isFields(value) &&
    ['id', 'name', 'instructions'].every((name) => typeof value[name] === 'string') &&
    ['createdAt', 'changedAt'].every((name) => typeof value[name] === 'number') &&
    Array.isArray(value['files'])
  );
}
