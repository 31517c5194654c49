/// <reference path="./built-file-imports.d.ts" />

/**
 * A file that the scripts of this build need: a worker's script, WebAssembly, a font, the catalogue. The site has it at an
 * absolute URL. The npm package has it as the text of a module that is imported when it is needed, because bundlers differ
 * in what they do with files that are not modules, and some leave them behind.
 */
export type BuiltFile = { readonly url: string } | { readonly load: () => Promise<string> };

/** A file that can be sent to a worker. */
export type LoadedFile = { readonly url: string } | { readonly text: string };

export async function loadFile(file: BuiltFile): Promise<LoadedFile> {
  return 'url' in file ? file : { text: await file.load() };
}

/** @param text base64 of the file's gzip */
export async function decodeFile(text: string): Promise<ArrayBuffer> {
  const gzip = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return new Response(new Blob([gzip]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
}
