import { expect, test } from 'vitest';
import { plainFileName } from './file-name.ts';

test('a name that is a path keeps its last part', () => {
  expect(plainFileName('../../etc/passwd')).toBe('passwd');
  expect(plainFileName('C:\\letters\\tax.pdf')).toBe('tax.pdf');
  expect(plainFileName('..')).toBe('');
  expect(plainFileName('a/')).toBe('');
});

test('marks that turn the direction of text are left out, and letters of every script stay', () => {
  expect(plainFileName('photo\u202egnp.exe')).toBe('photognp.exe');
  expect(plainFileName('a\u0000b\n.txt')).toBe('ab.txt');
  expect(plainFileName('ملف\u200c\u061c.pdf')).toBe('ملف\u200c.pdf');
  expect(plainFileName('👩‍🔬 Übung.md')).toBe('👩‍🔬 Übung.md');
});
