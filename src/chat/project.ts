/** Projects: folders of chats with instructions and files of their own. Pure functions; ids and clocks are arguments. */
import type { DocumentPart } from './message-parts.ts';

/** A file of a project: a reference to bytes that are stored once, as those of a message are. */
export type ProjectFile = Pick<DocumentPart, 'name' | 'mediaType' | 'sizeBytes'> & { readonly sha256: string };

/** A chat belongs to the project that it names; where that does not exist, to none. */
export interface Project {
  readonly id: string;
  readonly name: string;
  /** Part of the system prompt of its chats; empty for none. */
  readonly instructions: string;
  /** Searched for each message of its chats. */
  readonly files: readonly ProjectFile[];
  /** ms since the epoch */
  readonly createdAt: number;
  /** When anything of it was last changed, ms since the epoch. */
  readonly changedAt: number;
}

export const PROJECT_NAME_LENGTH = 100;

/** Of one project. Each is read and searched for every message of its chats. */
export const MOST_PROJECT_FILES = 200;

/** What the user changes of a project. */
export type ProjectChange = Partial<Pick<Project, 'name' | 'instructions'>>;

export function createProject(id: string, name: string, now: number): Project {
  return { id, name, instructions: '', files: [], createdAt: now, changedAt: now };
}

/** A time is later than the one before, also after the user's clock was put back. */
export function changeProject(project: Project, change: ProjectChange, now: number): Project {
  return { ...project, ...change, changedAt: Math.max(now, project.changedAt + 1) };
}

/** Adds files that the project does not have yet, up to the most that it may have. */
export function addFiles(project: Project, added: readonly ProjectFile[], now: number): Project {
  return changeProject({ ...project, files: united(project.files, added) }, {}, now);
}

export function removeFile(project: Project, sha256: string, now: number): Project {
  return changeProject({ ...project, files: project.files.filter((file) => file.sha256 !== sha256) }, {}, now);
}

/** Merges two copies, of which one is from a file: names and instructions of the later one, and the files of both. */
export function mergeProjects(one: Project, other: Project): Project {
  const [later, earlier] = one.changedAt >= other.changedAt ? [one, other] : [other, one];
  return {
    ...later,
    files: united(later.files, earlier.files),
    createdAt: Math.min(one.createdAt, other.createdAt),
  };
}

/** Whether a merge has brought anything into a project. */
export function isSameProject(one: Project, other: Project): boolean {
  return one.name === other.name && one.instructions === other.instructions && one.files.length === other.files.length;
}

/** The project that a chat belongs to. */
export function projectOf(projects: readonly Project[] = [], projectId: string | undefined): Project | undefined {
  return projectId === undefined ? undefined : projects.find(({ id }) => id === projectId);
}

function united(files: readonly ProjectFile[], added: readonly ProjectFile[]): readonly ProjectFile[] {
  const byHash = new Map([...added, ...files].map((file) => [file.sha256, file]));
  const known = new Set(files.map(({ sha256 }) => sha256));
  return [...files, ...[...byHash.values()].filter(({ sha256 }) => !known.has(sha256))].slice(0, MOST_PROJECT_FILES);
}
