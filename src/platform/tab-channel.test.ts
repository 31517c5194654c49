import { expect, test } from 'vitest';
import { TabChannel } from './tab-channel.ts';

test('a tab reads messages of its own version only', async () => {
  const name = crypto.randomUUID();
  const heard: string[] = [];
  const last = Promise.withResolvers<void>();
  const tab = new TabChannel<string>(name, 2, (message) => {
    heard.push(message);
    if (message === 'last') last.resolve();
  });
  const [older, newer, same] = [1, 3, 2].map((version) => new TabChannel<string>(name, version, () => {}));
  const unversioned = new BroadcastChannel(name);
  unversioned.postMessage('as builds did before');
  unversioned.postMessage({ ids: [], change: 'all-deleted' });
  older?.post('old');
  newer?.post('new');
  same?.post('first');
  same?.post('last');
  await last.promise;
  expect(heard).toEqual(['first', 'last']);
  for (const channel of [tab, older, newer, same, unversioned]) channel?.close();
});

test('a frozen tab hears what was said meanwhile when it continues, in order', async () => {
  const name = crypto.randomUUID();
  const heard: string[] = [];
  const frozen = new TabChannel<string>(name, 1, (message) => heard.push(message));
  const delivered: string[] = [];
  const awake = new BroadcastChannel(name);
  awake.onmessage = ({ data }) => delivered.push(data.message);
  const other = new TabChannel<string>(name, 1, () => {});
  document.dispatchEvent(new Event('freeze'));
  other.post('first');
  other.post('second');
  await expect.poll(() => delivered).toEqual(['first', 'second']);
  expect(heard).toEqual([]);
  document.dispatchEvent(new Event('resume'));
  other.post('third');
  await expect.poll(() => heard).toEqual(['first', 'second', 'third']);
  for (const channel of [frozen, awake, other]) channel.close();
});
