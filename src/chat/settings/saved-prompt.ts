import { arrayField, textField } from '../../platform/untrusted-json.ts';

/** A text that the user puts into the message field by typing its name after a slash: `/summarise`. */
export interface SavedPrompt {
  readonly id: string;
  /** Without spaces and slashes. */
  readonly name: string;
  /** With variables in double braces: `Explain {{topic}} to a child.` */
  readonly text: string;
}

export const PROMPT_NAME_LENGTH = 40;
export const PROMPT_LENGTH = 20_000;
/** Limit of prompts that are read from one file. */
const MOST_PROMPTS = 1_000;
const VARIABLE = /\{\{\s*([^{}\n]{1,60}?)\s*\}\}/g;

/** The names of the variables in a text, each once, in their order. */
export function variablesOf(text: string): readonly string[] {
  return [...new Set([...text.matchAll(VARIABLE)].map(([, name = '']) => name))];
}

/** Puts values in place of variables; one without a value stays as it is. Braces in a value are no variables. */
export function fillPrompt(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(VARIABLE, (whole, name: string) => (Object.hasOwn(values, name) ? (values[name] ?? '') : whole));
}

/** A name as it can be typed after the slash. */
export function promptName(text: string): string {
  const name = text
    .trim()
    .replace(/[\s/]+/g, '-')
    .toLowerCase();
  return [...name].slice(0, PROMPT_NAME_LENGTH).join('');
}

export function toPromptFile(prompts: readonly SavedPrompt[]): string {
  return `${JSON.stringify({ format: 'alcove-prompts', version: 1, prompts }, undefined, 2)}\n`;
}

/** The prompts of a file, and the number of unreadable entries. @param newId for entries without a usable id */
export function readPromptFile(text: string, newId: () => string): { prompts: SavedPrompt[]; unread: number } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { prompts: [], unread: 1 };
  }
  const list = (Array.isArray(value) ? value : arrayField(value, 'prompts')) ?? [];
  const prompts = list.slice(0, MOST_PROMPTS).flatMap((item) => readPrompt(item, newId) ?? []);
  return { prompts, unread: list.length === 0 ? 1 : list.length - prompts.length };
}

export function readPrompt(value: unknown, newId: () => string): SavedPrompt | undefined {
  const name = promptName(textField(value, 'name') ?? '');
  const text = textField(value, 'text') ?? '';
  if (name === '' || text.trim() === '' || text.length > PROMPT_LENGTH) return undefined;
  const id = textField(value, 'id') ?? '';
  return { id: /^[\w-]{1,100}$/.test(id) ? id : newId(), name, text };
}
