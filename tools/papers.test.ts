import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { buildCatalogue } from './catalogue/build.ts';
import { readPins } from './catalogue/pins.ts';
import { RECOMMENDED_HEADERS } from './static-server.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const guides = readdirSync(`${ROOT}docs`).filter((file) => file.endsWith('.md'));
const decisions = readdirSync(`${ROOT}docs/decisions`).map((file) => `decisions/${file}`);

it.each(['README.md', 'CONTRIBUTING.md', ...[...guides, ...decisions].map((file) => `docs/${file}`)])(
  '%s names only files that exist',
  (paper) => {
    const text = readFileSync(ROOT + paper, 'utf8');
    const named = text.match(/\b(src|tools|e2e|bench|public|examples)\/[\w./-]*\.(ts|js|json|html|py|css)\b/g) ?? [];
    // Of the toy model the built files are named.
    expect(named.filter((path) => !existsSync(ROOT + path) && !/<|^public\/models/.test(path))).toEqual([]);
  },
);

it('the architecture page lists at most 14 files from the composer to web-llm, none twice', () => {
  const page = readFileSync(`${ROOT}docs/architecture.md`, 'utf8');
  const way = page.slice(page.indexOf('## The way of a prompt'), page.indexOf('Helpers beside the way'));
  const files = [...way.matchAll(/^\d+\. `(src\/[^`]+)`/gm)].map(([, file]) => file);
  expect(files.at(0)).toBe('src/ui/chat/composer.ts');
  expect(files.at(-1)).toBe('src/engine/webllm/worker/answer.ts');
  expect(files.length).toBeLessThanOrEqual(14);
  expect(new Set(files).size).toBe(files.length);
});

it.each(['README.md', 'docs/embedding.md', 'docs/api.md'])(
  '%s names only models of the catalogue, with their memory',
  (paper) => {
    const { families } = buildCatalogue(readPins());
    const variants = families.flatMap(({ models }) => models.flatMap((model) => model.variants));
    const text = readFileSync(ROOT + paper, 'utf8');
    const named = text.match(/\b[\w.-]+-(?:MLC|GGUF)\b/g) ?? [];
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((id) => !variants.some((variant) => variant.id === id))).toEqual([]);
    for (const [, id, gigabytes] of text.matchAll(/^\| `([\w.-]+-MLC)` +\| ([\d.]+) GB/gm)) {
      const bytes = variants.find((variant) => variant.id === id)?.vramBytes ?? 0;
      expect((bytes / 1e9).toFixed(1), id).toBe(gigabytes);
    }
  },
);

it('the hosting guide lists the headers that `npm start` sends', () => {
  const guide = readFileSync(`${ROOT}docs/hosting.md`, 'utf8');
  const section = guide.slice(guide.indexOf('## Headers'), guide.indexOf('MIME types matter'));
  const rows = [...section.matchAll(/^\| `([\w-]+)` +\| `([^`]+)` /gm)].map(
    ([, name, value]) => [name, value] as const,
  );
  const { 'Cache-Control': caching, ...headers } = Object.fromEntries(rows);
  expect(caching).toContain('max-age');
  expect(headers).toEqual(RECOMMENDED_HEADERS);
});
