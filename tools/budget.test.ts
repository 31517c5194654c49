import { expect, it } from 'vitest';
import { plainScriptsOf, staticFilesOf } from './budget.ts';

it('counts each file once that is imported without asking, however deep', () => {
  const manifest = {
    'index.html': { file: 'index.js', imports: ['_a', '_b'], dynamicImports: ['_lazy'] },
    _a: { file: 'a.js', imports: ['_b'] },
    _b: { file: 'b.js', imports: ['_a'] },
    _lazy: { file: 'lazy.js' },
  };
  expect(staticFilesOf('index.html', manifest)).toEqual(['index.js', 'a.js', 'b.js']);
});

it('fails on a manifest that lacks the entry', () => {
  expect(() => staticFilesOf('index.html', {})).toThrow('index.html');
});

it('counts the scripts that the page names itself, and the module once', () => {
  const html =
    '<!-- <script src="no.js"> --><script src="theme.js"></script><script type="module" src="a.js"></script>';
  expect(plainScriptsOf(html)).toEqual(['theme.js']);
});
