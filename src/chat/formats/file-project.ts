/** A project in a file of chats, which anyone may have made. */
import { arrayField, fieldsOf, isPlainId, textField, timeField } from '../../platform/untrusted-json.ts';
import { MOST_PROJECT_FILES, PROJECT_NAME_LENGTH, type Project, type ProjectFile } from '../project.ts';
import { SYSTEM_PROMPT_LENGTH } from '../settings/setting-limits.ts';
import { type FileBytes, readFileBytes } from './file-bytes.ts';
import { readFile } from './read-parts.ts';

export interface ReadProject {
  readonly project: Project;
  /** The bytes of its files, as far as the file has them. */
  readonly bytes: readonly FileBytes[];
}

/** @param newId makes an id where the file has none that can be used @returns undefined for what is no project */
export function readProject(text: string, newId: () => string, now: number): ReadProject | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const fields = fieldsOf(value);
  const name = textField(value, 'name')?.trim() ?? '';
  if (fields === undefined || name === '') return undefined;
  const id = textField(value, 'id') ?? '';
  const files = (arrayField(value, 'files') ?? []).slice(0, MOST_PROJECT_FILES);
  // The first of several with one hash.
  const hashes = new Map(
    files
      .flatMap(readProjectFile)
      .toReversed()
      .map((file) => [file.sha256, file]),
  );
  // No time of a file is in the future: what is set from now on would count as earlier.
  const timeOf = (field: string): number => Math.min(timeField(value, field) ?? now, now);
  const project: Project = {
    id: isPlainId(id) ? id : newId(),
    name: [...name.slice(0, PROJECT_NAME_LENGTH * 2)].slice(0, PROJECT_NAME_LENGTH).join(''),
    instructions: (textField(value, 'instructions') ?? '').slice(0, SYSTEM_PROMPT_LENGTH),
    files: [...hashes.values()].toReversed(),
    createdAt: timeOf('createdAt'),
    changedAt: timeOf('changedAt'),
  };
  return { project, bytes: readFileBytes(fields).filter(({ sha256 }) => hashes.has(sha256)) };
}

function readProjectFile(value: unknown): ProjectFile[] {
  const fields = fieldsOf(value);
  const file = fields && readFile(fields);
  if (file?.sha256 === undefined) return [];
  const { name, mediaType, sizeBytes, sha256 } = file;
  return [{ name, mediaType, ...(sizeBytes !== undefined && { sizeBytes }), sha256 }];
}
