import { afterEach, expect, test } from 'vitest';
import { readHash } from './pages.ts';

afterEach(() => history.replaceState(null, '', location.pathname + location.search));

function placeOf(hash: string): ReturnType<typeof readHash> {
  history.replaceState(null, '', hash);
  return readHash();
}

test('the address names a place, with what it begins with', () => {
  expect(placeOf('#models')).toEqual({ place: 'models', shared: '', edited: '' });
  expect(placeOf('#add=a=b')).toEqual({ place: 'add', shared: 'a=b', edited: '' });
  expect(placeOf('#edit=a%20model')).toEqual({ place: 'add', shared: '', edited: 'a model' });
});

test.each(['', '#', '#no-such-place', '#constructor', '#__proto__', '#toString=1'])('%j is the chat', (hash) => {
  expect(placeOf(hash === '' ? location.pathname : hash)).toEqual({ place: undefined, shared: '', edited: '' });
});

test.each(['#edit=%', '#edit=%zz'])('%j, which encodes nothing, names a model that is not there', (hash) => {
  expect(placeOf(hash)).toEqual({ place: 'add', shared: '', edited: hash.slice('#edit='.length) });
});
