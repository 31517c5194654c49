import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readConfigFileAndWriteSchema } from '@lit/localize-tools/lib/config.js';
import { RuntimeLitLocalizer } from '@lit/localize-tools/lib/modes/runtime.js';
import { describe, expect, it } from 'vitest';
import { firstWords } from './first-words.ts';

// `npm run localize` writes missing messages into src/locales/xliff; add a <target> in each file there and run it again.
const config = readConfigFileAndWriteSchema(fileURLToPath(new URL('../lit-localize.json', import.meta.url)));
const { output } = config;
if (output.mode !== 'runtime') throw new Error('lit-localize.json is not what this test takes it for.');
const localizer = new RuntimeLitLocalizer({ ...config, output });
const { messages, errors } = localizer.extractSourceMessages();
const { translations } = localizer.readTranslationsSync();

type Contents = (typeof messages)[number]['contents'];

/** The message with numbers in place of its values. */
function words(contents: Contents): string {
  return contents.map((part) => (typeof part === 'string' ? part : `{${part.index}}`)).join('');
}

/** The forms of a plural message (src/ui/lib/plural.ts) by their names; undefined for any other message. */
function pluralForms(text: string): Map<string, string> | undefined {
  if (!/(?:^| \| )other: /.test(text)) return undefined;
  return new Map(
    text.split(' | ').map((form) => [form.slice(0, form.indexOf(': ')), form.slice(form.indexOf(': ') + 2)]),
  );
}

it('finds the messages, and none of them is put together in a way that cannot be translated', () => {
  expect(errors.map(({ messageText }) => messageText)).toEqual([]);
  expect(messages.length).toBeGreaterThan(200);
  expect(localizer.validateTranslations().errors).toEqual([]);
});

it('has what the catalogue says of its models, by the ids of src/ui/models/catalogue-notes.ts', () => {
  const notes = new Set<unknown>();
  const ids = readFileSync(new URL('../src/ui/models/catalogue-notes.ts', import.meta.url), 'utf8');
  JSON.parse(readFileSync(new URL('../public/catalogue.json', import.meta.url), 'utf8'), (_, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('note' in value)) return value;
    notes.add(value.note);
    expect(ids).toMatch(new RegExp(`\\[\\s*'${String(Reflect.get(value, 'noteId'))}',`));
    return value;
  });
  const known = new Set<unknown>(messages.map(({ contents }) => words(contents)));
  expect(notes.size).toBeGreaterThan(5);
  expect([...notes].filter((note) => !known.has(note))).toEqual([]);
});

it('has the texts of an unused element in a file of their own', () => {
  expect(readFileSync(new URL('../src/locales/first-words.ts', import.meta.url), 'utf8')).toBe(firstWords());
});

describe.each(config.targetLocales)('%s', (locale) => {
  const translated = new Map((translations.get(locale) ?? []).map(({ name, contents }) => [name, words(contents)]));

  it('has every message', () => {
    const missing = messages.filter(({ name }) => (translated.get(name) ?? '').trim() === '');
    expect(missing.map(({ contents }) => words(contents))).toEqual([]);
  });

  it('has, of what is counted, the forms of its grammar', () => {
    const rules = new Intl.PluralRules(locale);
    const needed = new Set(Array.from({ length: 200 }, (_, count) => rules.select(count)));
    for (const { name, contents } of messages) {
      if (pluralForms(words(contents)) === undefined) continue;
      const text = translated.get(name) ?? '';
      expect([...(pluralForms(text)?.keys() ?? [])].sort(), text).toEqual([...needed].sort());
    }
  });

  it('ships what has been translated', () => {
    const module = readFileSync(new URL(`../${output.outputDir}/${locale}.ts`, import.meta.url), 'utf8');
    for (const { name } of messages) {
      const [first = ''] = (translated.get(name) ?? '').split(/\{\d+\}/).filter((part) => part !== '');
      const line = module.split('\n').find((candidate) => candidate.includes(`'${name}': `));
      expect(line, 'run "npm run localize"').toContain(first.replaceAll('\\', '\\\\').replaceAll('`', '\\`'));
    }
  });
});
