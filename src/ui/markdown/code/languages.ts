interface Language {
  readonly name: string;
  readonly extension: string;
}

/** By the ids of highlight.js: https://highlightjs.readthedocs.io/en/latest/supported-languages.html */
const LANGUAGES: Readonly<Record<string, Language>> = {
  bash: { name: 'Bash', extension: 'sh' },
  c: { name: 'C', extension: 'c' },
  cpp: { name: 'C++', extension: 'cpp' },
  csharp: { name: 'C#', extension: 'cs' },
  css: { name: 'CSS', extension: 'css' },
  dart: { name: 'Dart', extension: 'dart' },
  diff: { name: 'Diff', extension: 'diff' },
  dockerfile: { name: 'Dockerfile', extension: 'dockerfile' },
  elixir: { name: 'Elixir', extension: 'ex' },
  go: { name: 'Go', extension: 'go' },
  graphql: { name: 'GraphQL', extension: 'graphql' },
  haskell: { name: 'Haskell', extension: 'hs' },
  ini: { name: 'INI', extension: 'ini' },
  java: { name: 'Java', extension: 'java' },
  javascript: { name: 'JavaScript', extension: 'js' },
  json: { name: 'JSON', extension: 'json' },
  julia: { name: 'Julia', extension: 'jl' },
  kotlin: { name: 'Kotlin', extension: 'kt' },
  latex: { name: 'LaTeX', extension: 'tex' },
  less: { name: 'Less', extension: 'less' },
  lua: { name: 'Lua', extension: 'lua' },
  makefile: { name: 'Makefile', extension: 'mk' },
  markdown: { name: 'Markdown', extension: 'md' },
  matlab: { name: 'MATLAB', extension: 'm' },
  nginx: { name: 'nginx', extension: 'conf' },
  objectivec: { name: 'Objective-C', extension: 'm' },
  perl: { name: 'Perl', extension: 'pl' },
  php: { name: 'PHP', extension: 'php' },
  plaintext: { name: 'Text', extension: 'txt' },
  powershell: { name: 'PowerShell', extension: 'ps1' },
  python: { name: 'Python', extension: 'py' },
  r: { name: 'R', extension: 'r' },
  ruby: { name: 'Ruby', extension: 'rb' },
  rust: { name: 'Rust', extension: 'rs' },
  scala: { name: 'Scala', extension: 'scala' },
  scss: { name: 'SCSS', extension: 'scss' },
  sql: { name: 'SQL', extension: 'sql' },
  swift: { name: 'Swift', extension: 'swift' },
  typescript: { name: 'TypeScript', extension: 'ts' },
  wasm: { name: 'WebAssembly', extension: 'wat' },
  xml: { name: 'XML', extension: 'xml' },
  yaml: { name: 'YAML', extension: 'yaml' },
};

/** Aliases in code fences, with a name and file extension where they differ from the language's. */
const ALIASES: Readonly<Record<string, string | readonly [id: string, name: string, extension: string]>> = {
  'c++': 'cpp',
  cc: 'cpp',
  cjs: 'javascript',
  console: ['bash', 'Console', 'txt'],
  cs: 'csharp',
  'c#': 'csharp',
  docker: 'dockerfile',
  gql: 'graphql',
  golang: 'go',
  h: 'c',
  hs: 'haskell',
  htm: ['xml', 'HTML', 'html'],
  html: ['xml', 'HTML', 'html'],
  jl: 'julia',
  js: 'javascript',
  json5: ['json', 'JSON5', 'json5'],
  jsonc: 'json',
  jsx: ['javascript', 'JSX', 'jsx'],
  kt: 'kotlin',
  make: 'makefile',
  md: 'markdown',
  mjs: ['javascript', 'JavaScript', 'mjs'],
  objc: 'objectivec',
  'objective-c': 'objectivec',
  patch: 'diff',
  pl: 'perl',
  plain: 'plaintext',
  ps: 'powershell',
  ps1: 'powershell',
  py: 'python',
  python3: 'python',
  rb: 'ruby',
  rs: 'rust',
  sh: 'bash',
  shell: ['bash', 'Shell', 'sh'],
  svelte: ['xml', 'Svelte', 'svelte'],
  svg: ['xml', 'SVG', 'svg'],
  tex: 'latex',
  text: 'plaintext',
  toml: ['ini', 'TOML', 'toml'],
  ts: 'typescript',
  tsx: ['typescript', 'TSX', 'tsx'],
  txt: 'plaintext',
  vue: ['xml', 'Vue', 'vue'],
  wat: 'wasm',
  webassembly: 'wasm',
  yml: 'yaml',
  zsh: ['bash', 'Zsh', 'sh'],
};

const NAME_LENGTH = 24;
const EXTENSIONS: ReadonlySet<string> = new Set([
  ...Object.values(LANGUAGES).map(({ extension }) => extension),
  ...Object.values(ALIASES).flatMap((alias) => (typeof alias === 'string' ? [] : [alias[2]])),
  'h',
  'hpp',
  'cfg',
  'env',
  'csv',
  'conf',
  'yml',
  'cjs',
]);

/** The id of highlight.js for a code fence's language; undefined for an unsupported one. */
export function languageId(word: string): string | undefined {
  return resolve(word)?.id;
}

/** The name of a language; an unknown language is shown as written, shortened. */
export function languageName(word: string): string {
  return resolve(word)?.language.name ?? word.slice(0, NAME_LENGTH);
}

/**
 * A file name for the code. A first line that names a file, such as `# app.py` or `// src/app.ts`, gives the name, if it
 * has a known extension; else the language does.
 */
export function fileNameFor(language: string, code: string): string {
  const [line = ''] = code.slice(0, 200).split('\n', 1);
  const named =
    /^\s*(?:#|\/\/|--|;|%|<!--|\/\*)+\s*(?:file(?:name)?:\s*)?(?:[\w.-]+\/)*([\w-][\w.-]{0,60}\.(\w+))\s*(?:-->|\*\/)?\s*$/i.exec(
      line,
    );
  const [, name, end] = named ?? [];
  if (name !== undefined && end !== undefined && EXTENSIONS.has(end.toLowerCase())) return name;
  return `code.${resolve(language)?.language.extension ?? 'txt'}`;
}

function resolve(word: string): { readonly id: string; readonly language: Language } | undefined {
  const key = word.toLowerCase();
  const alias = Object.hasOwn(ALIASES, key) ? ALIASES[key] : key;
  const [id = '', name, extension] = typeof alias === 'string' ? [alias] : (alias ?? []);
  const language = Object.hasOwn(LANGUAGES, id) ? LANGUAGES[id] : undefined;
  if (language === undefined) return undefined;
  return { id, language: name === undefined || extension === undefined ? language : { name, extension } };
}
