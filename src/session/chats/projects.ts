import {
  addFiles,
  changeProject,
  createProject,
  isSameProject,
  PROJECT_NAME_LENGTH,
  type Project,
  type ProjectChange,
  type ProjectFile,
  projectOf,
  removeFile,
} from '../../chat/project.ts';
import { SYSTEM_PROMPT_LENGTH } from '../../chat/settings/setting-limits.ts';
import { TabChannel } from '../../platform/tab-channel.ts';
import { ProjectStore } from '../../storage/chats/project-store.ts';
import { readLater } from '../state/read-later.ts';
import type { SessionState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';
import type { Attachments } from './attachments.ts';

/** A file that the user adds to a project. */
export type AddedFile = Pick<File, 'name' | 'type'> & Blob;

/** Stores the projects for all tabs, and publishes them as `state.projects`. */
export class Projects {
  readonly #state: StateStore<SessionState>;
  readonly #store: ProjectStore | undefined;
  readonly #files: () => Promise<Attachments>;
  readonly #channel: TabChannel<'changed'> | undefined;
  readonly #disposed = new AbortController();
  #reading: Promise<void> | undefined;

  /** @param databaseName of the chats; undefined where they end with the page: so do projects */
  constructor(state: StateStore<SessionState>, databaseName: string | undefined, files: () => Promise<Attachments>) {
    this.#state = state;
    this.#store = databaseName === undefined ? undefined : new ProjectStore(databaseName);
    this.#files = files;
    this.#channel =
      databaseName === undefined ? undefined : new TabChannel(`${databaseName}-projects`, 1, () => void this.#load());
  }

  /** Reads the stored projects, once. Never throws: without a store there are none. */
  async read(): Promise<readonly Project[]> {
    this.#reading ??= this.#load();
    await this.#reading;
    return this.#projects;
  }

  /** @throws AlcoveError of the store */
  async create(name: string): Promise<Project> {
    const project = createProject(crypto.randomUUID(), nameOf(name), Date.now());
    await this.#put(project);
    return project;
  }

  /** Sets the name or the instructions. An empty name changes nothing. @throws AlcoveError of the store */
  async change(id: string, { name, instructions }: ProjectChange): Promise<void> {
    const change = {
      ...(name !== undefined && nameOf(name) !== '' && { name: nameOf(name) }),
      ...(instructions !== undefined && { instructions: instructions.slice(0, SYSTEM_PROMPT_LENGTH) }),
    };
    await this.#change(id, (project) => changeProject(project, change, Date.now()));
  }

  /** Stores files and adds them to a project. @throws AlcoveError `quota-exceeded` … of the store */
  async addFiles(id: string, files: readonly AddedFile[]): Promise<void> {
    const attachments = await this.#files();
    const hashes: string[] = [];
    try {
      for (const file of files) {
        const sha256 = await attachments.add(file);
        hashes.push(sha256);
        const { name, type: mediaType, size: sizeBytes } = file;
        const added: ProjectFile = { name, mediaType, sizeBytes, sha256 };
        await this.#change(id, (project) => addFiles(project, [added], Date.now()));
      }
    } finally {
      await attachments.release(hashes);
    }
  }

  /** @throws AlcoveError of the store */
  async removeFile(id: string, sha256: string): Promise<void> {
    await this.#change(id, (project) => removeFile(project, sha256, Date.now()));
    await (await this.#files()).sweep();
  }

  /** Deletes a project permanently. Its chats stay, in no project. @throws AlcoveError of the store */
  async delete(id: string): Promise<void> {
    await this.#kept?.delete(id);
    this.#publish(this.#projects.filter((project) => project.id !== id));
    this.#channel?.post('changed');
    await (await this.#files()).sweep();
  }

  /**
   * Adds projects of a file, and merges those that are here. Resolves with the number of those that are new or have changed.
   * @throws AlcoveError of the store
   */
  async adopt(projects: readonly Project[]): Promise<number> {
    const before = await this.read();
    for (const project of projects) await this.#put(project);
    return projects.filter(({ id }) => {
      const [known, now] = [projectOf(before, id), projectOf(this.#projects, id)];
      return known === undefined || now === undefined || !isSameProject(known, now);
    }).length;
  }

  /** All are deleted, with all chats. */
  clear(): void {
    this.#publish([]);
    this.#channel?.post('changed');
  }

  dispose(): void {
    this.#disposed.abort();
    this.#channel?.close();
    this.#store?.close();
  }

  get #projects(): readonly Project[] {
    return this.#state.state.projects ?? [];
  }

  /** The store; undefined while it cannot be opened. */
  get #kept(): ProjectStore | undefined {
    return this.#state.state.storage.chats === 'memory' ? undefined : this.#store;
  }

  async #put(project: Project): Promise<void> {
    await this.read();
    this.#take(project.id, (await this.#kept?.put(project)) ?? project);
  }

  async #change(id: string, change: (project: Project) => Project): Promise<void> {
    const known = projectOf(await this.read(), id);
    this.#take(id, this.#kept === undefined ? known && change(known) : await this.#kept.change(id, change));
  }

  /** @param project undefined where another tab has deleted it */
  #take(id: string, project: Project | undefined): void {
    const others = this.#projects.filter((one) => one.id !== id);
    this.#publish(project === undefined ? others : [...others, project]);
    this.#channel?.post('changed');
  }

  #publish(projects: readonly Project[]): void {
    const byName = (one: Project, other: Project): number =>
      one.name.localeCompare(other.name) || one.createdAt - other.createdAt;
    this.#state.set({ projects: projects.toSorted(byName) });
  }

  async #load(): Promise<void> {
    try {
      this.#publish((await this.#store?.list()) ?? this.#projects);
    } catch (error) {
      this.#publish(this.#projects);
      readLater(error, async () => this.#publish((await this.#store?.list()) ?? []), this.#disposed.signal);
    }
  }
}

function nameOf(typed: string): string {
  const name = typed.trim().replace(/\s+/g, ' ').toWellFormed();
  return [...name].slice(0, PROJECT_NAME_LENGTH).join('');
}
