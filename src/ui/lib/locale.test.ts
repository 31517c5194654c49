import { msg } from '@lit/localize';
import { afterEach, expect, test } from 'vitest';
import { AppShell } from '../shell/app-shell.ts';
import { deepText } from '../testing/deep-dom.ts';
import { FixtureSession } from '../testing/fixture-session.ts';
import { LEDGER, STATES } from '../testing/states.ts';
import { formatBytes, formatDaysAgo, formatFraction, formatNumber, formatParameters } from './format.ts';
import { bestLocale, direction, LOCALES, locale, localeOf, speak } from './locale.ts';
import { plural, sentences } from './plural.ts';

afterEach(async () => {
  document.querySelector('alcove-app')?.remove();
  document.documentElement.lang = '';
  document.documentElement.dir = '';
  await speak('en');
});

test.each([
  ['de-AT', 'de'],
  ['pt-BR', 'pt'],
  ['zh-CN', 'zh-Hans'],
  ['ZH', 'zh-Hans'],
  ['en-GB', 'en'],
  ['ar-EG', 'ar'],
  ['nl', undefined],
  ['', undefined],
  ['deu', undefined],
])('the language tag “%s” selects %s', (tag, expected) => {
  expect(localeOf(tag)).toBe(expected);
});

test('the first supported tag decides, and English where there is none', () => {
  expect(bestLocale(['nl-BE', 'fr-BE', 'en'])).toBe('fr');
  expect(bestLocale(['nl'])).toBe('en');
  expect(bestLocale([])).toBe('en');
});

test('every language translates the first-run page', async () => {
  const seen = new Set<string>();
  for (const name of LOCALES) {
    await speak(name);
    expect(locale()).toBe(name);
    expect(direction()).toBe(name === 'ar' ? 'rtl' : 'ltr');
    seen.add(msg('Your own language model, in this tab'));
  }
  expect(seen.size).toBe(LOCALES.length);
});

test('every component updates when the language changes, and the direction changes with it', async () => {
  const app = new AppShell();
  app.session = new FixtureSession(STATES.paused, LEDGER);
  document.body.append(app);
  await expect.poll(() => deepText(app)).toContain('Paused at 612 MB of 1.1 GB');

  document.documentElement.lang = 'de';
  await expect.poll(() => deepText(app)).toContain('Pausiert bei 612 MB von 1,1 GB');
  expect(document.documentElement.dir).toBe('ltr');
  expect(deepText(app)).not.toContain('Paused');

  document.documentElement.lang = 'ar';
  await expect.poll(() => deepText(app)).toContain('متوقف مؤقتًا');
  expect(document.documentElement.dir).toBe('rtl');

  document.documentElement.lang = 'nl';
  await expect.poll(() => deepText(app)).toContain('Paused at 612 MB of 1.1 GB');
  expect(document.documentElement.dir).toBe('ltr');
});

test('of two languages that are requested at once, the later one is used', async () => {
  await Promise.all([speak('fr'), speak('ja'), speak('es')]);
  expect(locale()).toBe('es');
  await Promise.all([speak('fr'), speak('es')]);
  expect(locale()).toBe('es');
});

test('numbers, sizes and days are formatted for the language', async () => {
  const now = new Date(2026, 10, 23, 12).getTime();
  const spaced = (text: string): string => text.replace(/\s/g, ' ');
  await speak('de');
  expect(formatNumber(4_096)).toBe('4.096');
  expect(spaced(formatBytes(1_130_000_000))).toBe('1,1 GB');
  expect(spaced(formatFraction(0.45))).toBe('45 %');
  expect(spaced(formatParameters(1_700_000_000))).toBe('1,7 Milliarden');
  expect(formatDaysAgo(now - 24 * 3_600_000, now)).toBe('gestern');
  await speak('ja');
  expect(formatParameters(1_700_000_000)).toBe('17億');
  await speak('en');
  expect(formatNumber(4_096)).toBe('4,096');
});

test('a plural takes the form of its number, and “other” where a language has no such form', async () => {
  const forms = 'zero: none | one: # thing | two: a pair | few: # few | other: # things';
  expect([0, 1, 2, 3, 11, 1_000].map((count) => plural(count, forms))).toEqual([
    '0 things',
    '1 thing',
    '2 things',
    '3 things',
    '11 things',
    '1,000 things',
  ]);
  await speak('ar');
  expect([0, 2].map((count) => plural(count, forms))).toEqual(['none', 'a pair']);
  expect(plural(11, forms)).toContain('things');
});

test('sentences are joined with the space of the language', async () => {
  expect(sentences('One.', '', 'Two.')).toBe('One. Two.');
  await speak('ja');
  expect(sentences('一。', '二。')).toBe('一。二。');
});
