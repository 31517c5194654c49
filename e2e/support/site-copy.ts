import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

/** A copy of the built site that a test may change, as a host does when it deploys. */
export class SiteCopy {
  readonly root: string;
  readonly #folder: string;

  /** @param path of the site on its host, such as `some/where` */
  constructor(path = '') {
    this.#folder = mkdtempSync(join(tmpdir(), 'alcove-site-'));
    this.root = this.#folder;
    cpSync(DIST, join(this.#folder, path), { recursive: true });
  }

  /** Puts a next version in place: other hashes in all script names, nothing of the old ones left, html[data-next]. */
  deployNext(): void {
    const assets = join(this.root, 'assets');
    const names = readdirSync(assets).filter((name) => name.endsWith('.js'));
    const renamed = names.map((name) => [name, name.replace(/\.js$/, '2.js')] as const);
    for (const [from, to] of renamed) renameSync(join(assets, from), join(assets, to));
    const rewrite = (path: string, change: (text: string) => string): void => {
      let text = readFileSync(path, 'utf8');
      for (const [from, to] of renamed) text = text.replaceAll(from, to);
      writeFileSync(path, change(text));
    };
    for (const [, to] of renamed) rewrite(join(assets, to), (text) => text);
    rewrite(join(this.root, 'index.html'), (text) => text.replace('<html', '<html data-next'));
    // The list's revision of index.html is its hash.
    rewrite(join(this.root, 'service-worker.js'), (text) =>
      text.replace(
        /("?revision"?:\s*)(["'`])[\da-f]{32}\2(,\s*"?url"?:\s*["'`]index\.html)/,
        `$1$2${'0'.repeat(32)}$2$3`,
      ),
    );
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
