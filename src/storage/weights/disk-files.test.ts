import { expect, test } from 'vitest';
import { madeUpRecord } from '../../models/testing/made-up.ts';
import { FileLender, openDiskFiles } from './disk-files.ts';

/** A tab with another build, on the channel of a store's lent files. */
function otherBuild(
  storeName: string,
  onMessage: (data: unknown, channel: BroadcastChannel) => void,
): BroadcastChannel {
  const channel = new BroadcastChannel(`alcove-disk:${storeName}`);
  channel.onmessage = ({ data }: MessageEvent<unknown>) => onMessage(data, channel);
  return channel;
}

function onDisk(file: File) {
  const { name: path, size: sizeBytes, lastModified: modifiedAt } = file;
  const source = { kind: 'disk', revision: '1', files: [{ path, sizeBytes, modifiedAt }] } as const;
  return { ...madeUpRecord({ id: `custom-${crypto.randomUUID()}` }), source };
}

test('a tab takes no files that a tab with another build lends', async () => {
  const storeName = `weights-${crypto.randomUUID()}`;
  const file = new File(['right'], 'm.gguf');
  const wrong = new File(['wrong file'], 'm.gguf');
  const record = onDisk(file);
  const versions: unknown[] = [];
  const other = otherBuild(storeName, (data, channel) => {
    const version: unknown = Reflect.get(Object(data), 'version');
    versions.push(version);
    const lent = (files: readonly File[]) => ({ type: 'lent', modelId: record.id, files });
    // As the first builds said it, which knew no version, and as a later one will.
    channel.postMessage(lent([wrong]));
    channel.postMessage({ version: Number(version) + 1, message: lent([wrong]) });
    channel.postMessage({ version, message: lent([file]) });
  });
  const [opened] = await openDiskFiles(storeName, record);
  expect(await opened?.text()).toBe('right');
  expect(versions).toEqual([expect.any(Number)]);
  other.close();
});

test('a tab lends its files to tabs with its own build only', async () => {
  const storeName = `weights-${crypto.randomUUID()}`;
  const [first, second] = ['first', 'second'].map((name) => new File([name], `${name}.gguf`));
  if (first === undefined || second === undefined) throw new Error('no files');
  const records = [onDisk(first), onDisk(second)] as const;
  const lender = new FileLender(storeName);
  lender.lend(records[0].id, [first]);
  lender.lend(records[1].id, [second]);
  const heard: unknown[] = [];
  const answered = Promise.withResolvers<void>();
  const other = otherBuild(storeName, (data) => {
    heard.push(data);
    if (heard.length === 2) answered.resolve();
  });
  const wanted = { type: 'wanted', modelId: records[0].id };
  other.postMessage(wanted);
  other.postMessage({ version: 0, message: wanted });
  // What is asked after it is answered after it.
  await openDiskFiles(storeName, records[1]);
  await answered.promise;
  expect(heard).toMatchObject([
    { message: { type: 'wanted', modelId: records[1].id } },
    { message: { type: 'lent', modelId: records[1].id } },
  ]);
  other.close();
  lender.close();
});
