/**
 * What mammoth uses of JSZip, by our own reader of archives: JSZip with its inflation in JavaScript would be a third of the
 * worker. tools/vite-options.ts puts it in JSZip's place.
 */
import { Archive } from './archive.ts';

interface ZippedFile {
  async(type: 'uint8array'): Promise<Uint8Array>;
}

export async function loadAsync(file: ArrayBuffer): Promise<{ file(name: string): ZippedFile | null }> {
  const archive = await Archive.open(new Blob([file]));
  const open = (name: string): ZippedFile => ({
    async: async () => new Uint8Array(await (await archive.blob(name)).arrayBuffer()),
  });
  return { file: (name) => (archive.has(name) ? open(name) : null) };
}
