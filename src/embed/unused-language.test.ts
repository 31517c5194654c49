import { afterEach, expect, test } from 'vitest';
import { speak } from '../ui/lib/locale.ts';
import { deepQuery, deepQueryAll, deepText } from '../ui/testing/deep-dom.ts';
import { type ScriptedChat, scriptedChat } from './testing/scripted-chat.ts';

afterEach(async () => {
  document.body.replaceChildren();
  document.documentElement.lang = '';
  await speak('en');
});

async function embed(lang: string, layout: 'panel' | 'bubble' = 'panel'): Promise<ScriptedChat> {
  document.documentElement.lang = lang;
  const chat = scriptedChat();
  chat.layout = layout;
  document.body.append(chat);
  await expect.poll(() => deepQueryAll(chat, layout === 'bubble' ? '.bubble' : 'textarea').length).toBe(1);
  return chat;
}

/** What the user can read or hear of an element. */
function wordsOf(chat: ScriptedChat): readonly string[] {
  const attributes = deepQueryAll(chat, '[title], [aria-label], [placeholder]').flatMap((element) =>
    ['title', 'aria-label', 'placeholder'].map((name) => element.getAttribute(name) ?? ''),
  );
  return [...attributes, ...deepText(chat).split(/\s*\n\s*/)].filter((words) => /\p{L}/u.test(words));
}

function loadedLanguages(): readonly string[] {
  const files = performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname);
  return files.filter((path) => /\/locales\/.*\.ts$/.test(path)).map((path) => path.replace(/.*\//, ''));
}

test('an element that nobody uses speaks the page’s language by its few texts, and all of it once it is used', async () => {
  const english = wordsOf(await embed('en'));
  expect(english.length).toBeGreaterThan(8);
  document.body.replaceChildren();

  const chat = await embed('de');
  await expect.poll(() => deepText(chat)).toContain('Was möchtest du wissen?');
  // The same word in both languages.
  expect(wordsOf(chat).filter((words) => words !== 'Chat' && english.includes(words))).toEqual([]);
  document.body.replaceChildren();
  const bubble = await embed('de', 'bubble');
  expect(deepQuery(bubble, '.bubble').getAttribute('aria-label')).toBe('Chat öffnen');
  expect(loadedLanguages()).toEqual(['first-words.ts']);
  document.body.replaceChildren();

  const used = await embed('de');
  deepQuery(used, 'textarea').focus();
  await expect.poll(() => deepQueryAll(used, 'alcove-chat-view').length).toBe(1);
  await expect.poll(() => loadedLanguages()).toEqual(['first-words.ts', 'de.ts']);
  await expect.poll(() => deepQuery(used, '[part="privacy"]').title).toBe('Anfragen dieser Seite');
});
