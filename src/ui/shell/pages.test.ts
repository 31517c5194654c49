import { afterEach, expect, test } from 'vitest';
import { readHash } from './pages.ts';

afterEach(() => history.replaceState(null, '', location.pathname + location.search));

function pageOf(hash: string): ReturnType<typeof readHash> {
  history.replaceState(null, '', hash);
  return readHash();
}

test('the hash names a page and what it starts with', () => {
  expect(pageOf('#models')).toEqual({ page: 'models', section: '', shared: '', edited: '' });
  expect(pageOf('#settings/voice')).toEqual({ page: 'settings', section: 'voice', shared: '', edited: '' });
  expect(pageOf('#add=a=b')).toEqual({ page: 'add', section: '', shared: 'a=b', edited: '' });
  expect(pageOf('#edit=a%20model')).toEqual({ page: 'add', section: '', shared: '', edited: 'a model' });
});

test.each(['', '#', '#no-such-place', '#constructor', '#__proto__', '#toString=1'])(
  'the hash %j opens the chat',
  (hash) => {
    expect(pageOf(hash === '' ? location.pathname : hash)).toEqual({
      page: undefined,
      section: '',
      shared: '',
      edited: '',
    });
  },
);

test.each(['#edit=%', '#edit=%zz'])('the hash %j, which is not validly encoded, names an unknown model', (hash) => {
  expect(pageOf(hash)).toEqual({ page: 'add', section: '', shared: '', edited: hash.slice('#edit='.length) });
});
