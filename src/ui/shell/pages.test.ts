import { afterEach, expect, test } from 'vitest';
import { readHash } from './pages.ts';

const NOTHING: ReturnType<typeof readHash> = {
  page: undefined,
  section: '',
  shared: '',
  edited: '',
  place: { at: 'list' },
};

afterEach(() => history.replaceState(null, '', location.pathname + location.search));

function pageOf(hash: string): ReturnType<typeof readHash> {
  history.replaceState(null, '', hash);
  return readHash();
}

test('the hash names a page and what it starts with', () => {
  expect(pageOf('#/models')).toEqual({ ...NOTHING, page: 'models' });
  expect(pageOf('#/models/a%20model')).toEqual({
    ...NOTHING,
    page: 'models',
    place: { at: 'model', modelId: 'a model' },
  });
  expect(pageOf('#/models/add')).toEqual({ ...NOTHING, page: 'add' });
  expect(pageOf('#settings')).toEqual({ ...NOTHING, page: 'settings' });
  expect(pageOf('#add=a=b')).toEqual({ ...NOTHING, page: 'add', shared: 'a=b' });
  expect(pageOf('#edit=a%20model')).toEqual({ ...NOTHING, page: 'add', edited: 'a model' });
  expect(pageOf('#settings/voice')).toEqual({ ...NOTHING, page: 'settings', section: 'voice' });
});

test.each(['', '#', '#no-such-place', '#constructor', '#__proto__', '#toString=1'])(
  'the hash %j opens the chat',
  (hash) => {
    expect(pageOf(hash === '' ? location.pathname : hash)).toEqual(NOTHING);
  },
);

test.each(['#edit=%', '#edit=%zz'])('the hash %j, which is not validly encoded, names an unknown model', (hash) => {
  expect(pageOf(hash)).toEqual({ ...NOTHING, page: 'add', edited: hash.slice('#edit='.length) });
});
