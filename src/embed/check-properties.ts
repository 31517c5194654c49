import type { EngineId } from '../models/model-record.ts';
import { AlcoveError } from '../platform/errors.ts';
import { ENTER_KEYS } from '../ui/contract/chat-options.ts';
import type { AlcoveChatProperties } from './public-types.ts';

type Name = keyof AlcoveChatProperties;

const LISTS: readonly Name[] = ['models', 'starters'];

/** Not read from the profiles of the engines, which the element needs only once it is used. */
const ENGINES: Readonly<Record<EngineId, true>> = {
  webllm: true,
  wllama: true,
  server: true,
  browser: true,
  scripted: true,
};

const WORDS: Readonly<Partial<Record<Name, readonly string[]>>> = {
  storage: ['kept', 'memory'],
  engine: Object.keys(ENGINES),
  formValue: ['answer', 'conversation'],
  enterKey: ENTER_KEYS,
  theme: ['auto', 'light', 'dark'],
  layout: ['full', 'panel', 'bubble'],
};

const ATTRIBUTES: Readonly<Partial<Record<Name, string>>> = {
  contextSelector: 'context-selector',
  autoLoad: 'auto-load',
  formValue: 'form-value',
  usePageTools: 'use-page-tools',
  enterKey: 'enter-key',
};

/**
 * Checks a property that the page has set, itself or by its attribute; neither is checked by a compiler. What is wrong is
 * ignored by the element: see `listOf` and `wordOf`.
 * @returns undefined if nothing is wrong
 */
export function checkProperty(property: PropertyKey, value: unknown): AlcoveError | undefined {
  const name = property as Name;
  if (value === undefined || value === null || value === '') return undefined;
  if (LISTS.includes(name))
    return listOf(value) === undefined ? fault(name, 'is not a JSON array of strings') : undefined;
  const words = WORDS[name];
  if (words !== undefined && !words.some((word) => word === value)) {
    return fault(name, `is “${value}”, not one of: ${words.join(', ')}`);
  }
  if (name === 'contextSelector') return isSelector(value) ? undefined : fault(name, 'is not a CSS selector');
  return undefined;
}

function fault(name: Name, reason: string): AlcoveError {
  const attribute = ATTRIBUTES[name] ?? name;
  return new AlcoveError('attribute-invalid', `${attribute} ${reason}`, { data: { attribute, reason } });
}

/** Reads an attribute that is JSON. What cannot be read stays a text, which `checkProperty` rejects. */
export const JSON_ATTRIBUTE = {
  fromAttribute(text: string | null): unknown {
    if (text === null || text.trim() === '') return undefined;
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  },
};

/** The strings of a list; undefined if it is not set or is none. */
export function listOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
}

/** The value of a property that has a fixed set of values; undefined if it is not set or is another. */
export function wordOf<Word extends string>(name: Name, value: Word | undefined): Word | undefined {
  return WORDS[name]?.some((word) => word === value) ? value : undefined;
}

function isSelector(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  try {
    document.createDocumentFragment().querySelector(value);
    return true;
  } catch {
    return false;
  }
}
