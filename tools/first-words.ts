/**
 * Writes src/locales/first-words.ts, part of `npm run localize`: of each language the few texts that an element shows before it is
 * used, so that a page in another language than English need not load all of them for an element that nobody uses.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readConfigFileAndWriteSchema } from '@lit/localize-tools/lib/config.js';
import { RuntimeLitLocalizer } from '@lit/localize-tools/lib/modes/runtime.js';

const FILE = fileURLToPath(new URL('../src/locales/first-words.ts', import.meta.url));

/** What an unused element draws, and one with a hub until that is there. */
const SOURCES = [
  'src/embed/alcove-chat-element.ts',
  'src/embed/hub/hub-frame.ts',
  'src/embed/shell/chat-shell.ts',
  'src/ui/chat/chat-header.ts',
  'src/ui/chat/composer.ts',
];

/** The text of src/locales/first-words.ts, by the source and the translations. */
export function firstWords(): string {
  const config = readConfigFileAndWriteSchema(fileURLToPath(new URL('../lit-localize.json', import.meta.url)));
  if (config.output.mode !== 'runtime') throw new Error('lit-localize.json has another mode.');
  const localizer = new RuntimeLitLocalizer({ ...config, inputFiles: SOURCES, output: config.output });
  // What these files import is read too.
  const messages = localizer
    .extractSourceMessages()
    .messages.filter(({ file }) => SOURCES.some((source) => file.fileName.endsWith(source)));
  const names = new Set(messages.map(({ name }) => name));
  const { translations } = localizer.readTranslationsSync();
  const languages = config.targetLocales.map((locale) => {
    const known = (translations.get(locale) ?? []).filter(({ name }) => names.has(name));
    const lines = known.map(({ name, contents: [text, ...more] }) => {
      if (typeof text !== 'string' || more.length > 0)
        throw new Error(`${name} has values: no text of an unused element`);
      return `    ${name}: ${JSON.stringify(text)},\n`;
    });
    return `  ${JSON.stringify(locale)}: {\n${lines.sort().join('')}  },\n`;
  });
  return `/** Written by tools/first-words.ts (npm run localize). */
export const FIRST_WORDS: Readonly<Record<string, Record<string, string>>> = {
${languages.join('')}};
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(FILE, firstWords());
