import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { noticesText } from './notices.ts';

it('ships the notices of the versions that are installed', () => {
  expect(readFileSync(new URL('../THIRD-PARTY-NOTICES.md', import.meta.url), 'utf8')).toBe(noticesText());
});
