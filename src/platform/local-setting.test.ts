import { afterEach, expect, test } from 'vitest';
import { hasLocalSetting, readLocalList, readLocalSetting, writeLocalSetting } from './local-setting.ts';

afterEach(() => localStorage.clear());

test('a setting is read as it was written, and is absent once removed', () => {
  expect(writeLocalSetting('a', { b: [1, 'é'] })).toBe(true);
  expect(readLocalSetting('a')).toEqual({ b: [1, 'é'] });
  writeLocalSetting('a', undefined);
  expect(readLocalSetting('a')).toBeUndefined();
  expect(hasLocalSetting('a')).toBe(false);
});

test('an invalid stored value is ignored, and only the strings of a list count', () => {
  localStorage.setItem('a', '{"b":');
  expect(readLocalSetting('a')).toBeUndefined();
  expect(readLocalList('a')).toEqual([]);
  expect(hasLocalSetting('a')).toBe(true);
  localStorage.setItem('a', '["one",2,null,"three"]');
  expect(readLocalList('a')).toEqual(['one', 'three']);
});

test('a setting that exceeds the storage is refused without a throw', () => {
  expect(writeLocalSetting('a', 'x'.repeat(20_000_000))).toBe(false);
  expect(readLocalSetting('a')).toBeUndefined();
});
