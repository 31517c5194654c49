import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { findLayoutFaults } from './layout.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'alcove-lint-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a source tree of these files, and returns its root. */
function tree(name: string, files: Readonly<Record<string, string>>): string {
  const root = join(folder, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** The names of the project's lint rules that a source tree of these files breaks. */
function brokenRules(name: string, files: Readonly<Record<string, string>>): string[] {
  const root = tree(name, files);
  cpSync(join(ROOT, 'biome.json'), join(root, 'biome.json'));
  writeFileSync(join(root, '.gitignore'), '');
  const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
  const args = [biome, 'lint', '--vcs-enabled=false', '--colors=off', '--reporter=json', 'src'];
  const { stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { category: string }[] };
  return [...new Set(diagnostics.map(({ category }) => category.split('/').at(-1) ?? ''))];
}

const target = 'export const it = 1;\nexport type It = typeof it;\nexport const other = 2;\n';

it.each([
  ['platform/a.ts', 'chat/b.ts'],
  ['chat/a.ts', 'storage/b.ts'],
  ['models/a.ts', 'chat/b.ts'],
  ['storage/a.ts', 'engine/b.ts'],
  ['engine/a.ts', 'download/b.ts'],
  ['engine/webllm/a.ts', 'storage/weights/b.ts'],
  ['download/a.ts', 'engine/b.ts'],
  ['session/a.ts', 'ui/b.ts'],
  ['ui/a.ts', 'embed/b.ts'],
  ['ui/deep/a.ts', 'embed/b.ts'],
  ['sw/a.ts', 'session/b.ts'],
  ['ui/a.ts', 'sw/b.ts'],
  ['chat/a.ts', 'chat/prompt/b.ts'],
  ['chat/search/a.ts', 'chat/prompt/b.ts'],
  ['models/fit/a.ts', 'models/catalogue/b.ts'],
  ['engine/webllm/a.ts', 'engine/wllama/b.ts'],
  ['engine/worker-engine/a.ts', 'engine/webllm/worker/b.ts'],
  ['session/runtime/a.ts', 'session/generation/b.ts'],
  ['ui/models/a.ts', 'ui/models/add/b.ts'],
  ['ui/base/a.ts', 'ui/chat/b.ts'],
])('refuses that %s imports %s, as a value, as a type and lazily', (file, path) => {
  const specifier = relative(dirname(file), path);
  const from = specifier.startsWith('.') ? specifier : `./${specifier}`;
  const texts = [
    `export { it } from '${from}';\n`,
    `import type { It } from '${from}';\nexport type Mine = It;\n`,
    `export const load = () => import('${from}');\n`,
  ];
  for (const [index, text] of texts.entries()) {
    const root = tree(`wrong-${index}-${file}-${path}`, { [`src/${file}`]: text, [`src/${path}`]: target });
    expect(findLayoutFaults(root)).toEqual([{ file, reason: `may not import from ${dirname(path)} (${path})` }]);
  }
});

it('refuses a folder of more than 30 files, and does not count the tests in it', () => {
  const names = Array.from({ length: 31 }, (_, index) => `file-${index}`);
  const files = Object.fromEntries(names.map((name) => [`src/ui/chat/${name}.ts`, target]));
  const reason = 'holds 31 files, 30 are the most';
  expect(findLayoutFaults(tree('too-many-files', files))).toEqual([{ file: 'ui/chat', reason }]);
  const tests = Object.fromEntries(names.map((name) => [`src/ui/chat/${name}.test.ts`, target]));
  expect(findLayoutFaults(tree('many-tests', { ...tests, 'src/ui/chat/a.ts': target }))).toEqual([]);
});

it('finds nothing to refuse in the project', () => {
  expect(findLayoutFaults(ROOT)).toEqual([]);
});

it('refuses a cycle, of values and of types', () => {
  const values = {
    'src/chat/a.ts': "import { b } from './b.ts';\nexport const a = (): unknown => b;\n",
    'src/chat/b.ts': "import { a } from './a.ts';\nexport const b = (): unknown => a;\n",
  };
  expect(brokenRules('cycle', values)).toEqual(['noImportCycles']);
  const types = {
    'src/chat/a.ts': "import type { B } from './b.ts';\nexport interface A {\n  b: B;\n}\n",
    'src/chat/b.ts': "import type { A } from './a.ts';\nexport interface B {\n  a: A;\n}\n",
  };
  expect(brokenRules('type-cycle', types)).toEqual(['noImportCycles']);
});

it('allows imports from what is lower', () => {
  const files = {
    'src/platform/errors.ts': target,
    'src/models/a.ts': "export { it } from '../platform/errors.ts';\n",
    'src/storage/weights/a.ts': "export { it } from '../../models/a.ts';\n",
    'src/download/a.ts': "export { it } from '../storage/weights/a.ts';\n",
    'src/engine/webllm/worker/a.ts': "export { it } from '../../../storage/weights/a.ts';\n",
    'src/session/a.ts': "export { it } from '../download/a.ts';\n",
    'src/ui/chat/a.ts': "export { it } from '../../session/a.ts';\n",
    'src/embed/a.ts': "export { it } from '../ui/chat/a.ts';\n",
    'src/main.ts': "export { it } from './embed/a.ts';\n",
  };
  expect(findLayoutFaults(tree('right', files))).toEqual([]);
});
