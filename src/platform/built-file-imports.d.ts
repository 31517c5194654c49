/** What tools/built-files-plugin.ts makes of these imports. */

/** A worker's script, in one piece. */
declare module '*?worker-file' {
  const file: import('./built-file.ts').BuiltFile;
  export default file;
}

/** A file as it is. `load` resolves with base64 of its gzip: see `decodeFile`. */
declare module '*?file' {
  const file: import('./built-file.ts').BuiltFile;
  export default file;
}

/** The catalogue of this build. */
declare module 'alcove:catalogue' {
  const file: import('./built-file.ts').BuiltFile;
  export default file;
}

/** The script of a worker that only the site has: the npm package has no room for it. */
declare module '*?site-worker-file' {
  const file: import('./built-file.ts').BuiltFile | undefined;
  export default file;
}
