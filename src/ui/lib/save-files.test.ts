import { afterEach, expect, test, vi } from 'vitest';
import { AlcoveError } from '../../platform/errors.ts';
import { saveFile } from './save-files.ts';

afterEach(() => vi.unstubAllGlobals());

test('a file that cannot be made leaves nothing at its destination', async () => {
  const folder = await navigator.storage.getDirectory();
  const name = `${crypto.randomUUID()}.tar`;
  vi.stubGlobal('showSaveFilePicker', () => folder.getFileHandle(name, { create: true }));
  const damaged = new AlcoveError('model-damaged', 'a chunk is gone');
  await expect(saveFile(name, () => Promise.reject(damaged))).rejects.toBe(damaged);
  await expect(folder.getFileHandle(name)).rejects.toMatchObject({ name: 'NotFoundError' });
});
