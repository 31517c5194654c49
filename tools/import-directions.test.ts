import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'alcove-lint-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Lints a source tree made of these files by the project's own rules; the names of the rules that were broken. */
function brokenRules(name: string, files: Readonly<Record<string, string>>): string[] {
  const root = join(folder, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
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
  ['platform/a.ts', '../chat/b.ts', 'chat/b.ts'],
  ['chat/a.ts', '../storage/b.ts', 'storage/b.ts'],
  ['models/a.ts', '../chat/b.ts', 'chat/b.ts'],
  ['storage/a.ts', '../engine/b.ts', 'engine/b.ts'],
  ['engine/a.ts', '../download/b.ts', 'download/b.ts'],
  ['download/a.ts', '../engine/b.ts', 'engine/b.ts'],
  ['session/a.ts', '../ui/b.ts', 'ui/b.ts'],
  ['ui/a.ts', '../embed/b.ts', 'embed/b.ts'],
  ['ui/deep/a.ts', '../../embed/b.ts', 'embed/b.ts'],
  ['sw/a.ts', '../session/b.ts', 'session/b.ts'],
])('refuses %s importing %s', (file, specifier, path) => {
  const text = `export { it } from '${specifier}';\n`;
  expect(
    brokenRules(`direction-${file.replaceAll('/', '-')}`, { [`src/${file}`]: text, [`src/${path}`]: target }),
  ).toEqual(['noRestrictedImports']);
});

it('refuses the wrong way for a type and for an import() too', () => {
  const files = {
    'src/ui/b.ts': target,
    'src/session/types.ts': "import type { It } from '../ui/b.ts';\nexport type Mine = It;\n",
  };
  expect(brokenRules('types', files)).toEqual(['noRestrictedImports']);
  const lazy = {
    'src/ui/b.ts': target,
    'src/session/state/lazy.ts': "export const load = () => import('../ui/b.ts');\n",
  };
  expect(brokenRules('lazy', lazy)).toEqual(['noRestrictedImports']);
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

it('lets the right way pass, and leaves that every room may use', () => {
  const files = {
    'src/platform/errors.ts': target,
    'src/platform/module-worker.ts': "export { it } from './errors.ts';\n",
    'src/models/a.ts': "export { it } from '../platform/errors.ts';\n",
    'src/storage/a.ts': "export { it } from '../models/a.ts';\n",
    'src/download/a.ts':
      "export { it } from '../storage/a.ts';\nexport { it as leaf } from '../platform/module-worker.ts';\n",
    'src/session/a.ts': "export { it } from '../download/a.ts';\n",
    'src/ui/a.ts': "export { it } from '../session/a.ts';\n",
    'src/embed/a.ts': "export { it } from '../ui/a.ts';\n",
  };
  expect(brokenRules('right', files)).toEqual([]);
});
