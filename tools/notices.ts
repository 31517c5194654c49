/** `npm run notices` writes THIRD-PARTY-NOTICES.md: the licences of other people's code in the site and the package. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

interface Notice {
  /** Folder in node_modules with the licence. */
  readonly package: string;
  /** The licence's file; default LICENSE. */
  readonly file?: string;
  readonly what: string;
}

const NOTICES: readonly Notice[] = [
  { package: 'lit', what: 'Components. With lit-html, lit-element and @lit/reactive-element, under the same licence.' },
  { package: '@lit/context', what: 'Values that an element provides to the components inside it.' },
  { package: '@lit/react', what: 'The React component of the npm package.' },
  { package: '@lit/localize', what: 'The words of the interface in each language.' },
  { package: 'idb', what: 'IndexedDB with promises.' },
  { package: 'idb-keyval', file: 'LICENCE', what: 'Small records in IndexedDB.' },
  { package: 'marked', what: 'The Markdown lexer.' },
  { package: 'katex', what: 'Draws formulas; with its fonts.' },
  { package: 'highlight.js', what: 'Tells what is what in code, in its worker.' },
  { package: 'hash-wasm', what: 'SHA-256 as WebAssembly.' },
  {
    package: 'age-encryption',
    what: 'Encrypted backups. With @noble/ciphers, @noble/curves, @noble/hashes, @noble/post-quantum and @scure/base, under the MIT licence (copyright Paul Miller).',
  },
  { package: 'pdfjs-dist', what: 'Reads PDF, in its worker; in the site only. With core-js, under the MIT licence.' },
  {
    package: 'mammoth',
    what: 'Reads DOCX, in its worker. With @xmldom/xmldom (MIT), Underscore (MIT) and lop (BSD-2-Clause).',
  },
  {
    package: 'htmlparser2',
    what: 'Reads the markup of HTML, EPUB and Office documents. With entities, domhandler, domutils, dom-serializer and domelementtype.',
  },
  { package: 'workbox-precaching', what: 'In the service worker, with workbox-core, -routing and -strategies.' },
  { package: 'lucide-static', what: 'Icons.' },
  {
    package: '@mlc-ai/web-llm',
    what: 'The engine, in its worker. Its bundle contains parts of Apache TVM, MLC’s web-tokenizers and web-xgrammar (all Apache-2.0) and loglevel (MIT, Tim Perry).',
  },
  {
    package: '@wllama/wllama',
    file: 'LICENCE',
    what: 'llama.cpp as WebAssembly; with @wllama/wllama-compat, its build for other browsers, under the same licence. Both contain llama.cpp and ggml (copyright The ggml authors), JSON for Modern C++ (copyright Niels Lohmann) and the Emscripten runtime (copyright the Emscripten authors), all under the MIT licence, whose text is the same as below.',
  },
];

const OUTPUT = fileURLToPath(new URL('../THIRD-PARTY-NOTICES.md', import.meta.url));

export function noticesText(): string {
  const sections = NOTICES.map(({ package: name, file = 'LICENSE', what }) => {
    const folder = new URL(`../node_modules/${name}/`, import.meta.url);
    const { version, license } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8'));
    const text = readFileSync(new URL(file, folder), 'utf8').trim();
    return `## ${name} ${version} (${license})\n\n${what}\n\n${indented(text)}\n`;
  });
  return `# Third-party notices

Alcove itself is under the MIT licence (LICENSE). It contains the following. Models that are downloaded have licences of
their own, which the app shows before the download.

## Apache TVM (Apache-2.0)

public/models/toy/library.wasm, the toy model's compiled library, contains the TVM runtime. Copyright the Apache Software
Foundation and contributors, https://tvm.apache.org. The text of the Apache License 2.0 is below, at @mlc-ai/web-llm.

## @cfworker/json-schema (MIT)

The check of a tool’s arguments by their JSON Schema. Copyright Jeremy Danyow, https://github.com/cfworker/cfworker. The package has no
file of the licence; the text of the MIT licence is below, at hash-wasm.

${sections.join('\n')}`;
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => (line.trim() === '' ? '' : `    ${line.trimEnd()}`))
    .join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(OUTPUT, noticesText());
