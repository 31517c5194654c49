/**
 * Makes lib/cdn.js, which registers `<alcove-chat>` from a CDN: one script whose hash a page writes down, and which knows the
 * hashes of all other modules. An import map gives them to the browser, because `import` takes none.
 */

/** @param hashes `sha256-…` of each module, by its path relative to the entry */
export function cdnEntry(hashes: Readonly<Record<string, string>>): string {
  return `const hashes = ${JSON.stringify(hashes)};
const own = import.meta.url;
const integrity = Object.fromEntries(Object.entries(hashes).map(([path, hash]) => [new URL(path, own).href, hash]));
const map = document.createElement('script');
map.type = 'importmap';
map.nonce = [...document.scripts].find(({ src }) => src === own)?.nonce ?? '';
try {
  const text = JSON.stringify({ integrity });
  const policy = globalThis.trustedTypes?.createPolicy('alcove-cdn', { createScript: (script) => script });
  map.textContent = policy ? policy.createScript(text) : text;
  document.head.append(map);
} catch (error) {
  console.warn('Alcove: its modules load without a check of their hashes:', error);
}
import('./define.js').catch((error) => console.error('Alcove: its modules did not load:', error));
`;
}
