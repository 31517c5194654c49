import { arrayField, field, textField } from '../../platform/untrusted-json.ts';
import type { SamplingSettings } from './chat-settings.ts';
import { readSampling, SYSTEM_PROMPT_LENGTH } from './setting-limits.ts';

/** A system prompt and sampling parameters under a name. A chat that chooses a persona gets a copy of both. */
export interface Persona {
  readonly id: string;
  readonly name: string;
  /** One line that says what it is for. */
  readonly description: string;
  readonly systemPrompt: string;
  readonly sampling?: SamplingSettings;
}

export const PERSONA_NAME_LENGTH = 60;
const DESCRIPTION_LENGTH = 200;
/** Limit of personas that are read from one file. */
const MOST_PERSONAS = 1_000;

export const PERSONA_FORMAT = 'alcove-personas';

export function toPersonaFile(personas: readonly Persona[]): string {
  return `${JSON.stringify({ format: PERSONA_FORMAT, version: 1, personas }, undefined, 2)}\n`;
}

/** The personas of a file, and the number of unreadable entries. @param newId for entries without a usable id */
export function readPersonaFile(text: string, newId: () => string): { personas: Persona[]; unread: number } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { personas: [], unread: 1 };
  }
  const list = (Array.isArray(value) ? value : arrayField(value, 'personas')) ?? [];
  const personas = list.slice(0, MOST_PERSONAS).flatMap((item) => readPersona(item, newId) ?? []);
  return { personas, unread: list.length === 0 ? 1 : list.length - personas.length };
}

export function readPersona(value: unknown, newId: () => string): Persona | undefined {
  const name = textField(value, 'name')?.trim() ?? '';
  const systemPrompt = textField(value, 'systemPrompt') ?? '';
  if (name === '' || systemPrompt.length > SYSTEM_PROMPT_LENGTH) return undefined;
  const id = textField(value, 'id') ?? '';
  const sampling = readSampling(field(value, 'sampling'));
  return {
    id: /^[\w-]{1,100}$/.test(id) ? id : newId(),
    name: [...name].slice(0, PERSONA_NAME_LENGTH).join(''),
    description: (textField(value, 'description') ?? '').slice(0, DESCRIPTION_LENGTH),
    systemPrompt,
    ...(Object.keys(sampling).length > 0 && { sampling }),
  };
}
