import { readFile } from 'node:fs/promises';
import type { Plugin } from 'vite';

const ICON = /^(.*\/lucide-static\/icons\/[\w-]+\.svg)\?raw$/;

/**
 * Leaves of each icon of the set its shapes: the element around them is the same in all, and src/ui/base/icon.ts makes it. The
 * licence of the set is in THIRD-PARTY-NOTICES.md.
 */
export function iconPlugin(): Plugin {
  return {
    name: 'alcove-icons',
    enforce: 'pre',
    async load(id) {
      const file = ICON.exec(id)?.[1];
      if (file === undefined) return undefined;
      return `export default ${JSON.stringify(shapesOf(await readFile(file, 'utf8')))};`;
    },
  };
}

/** What is inside of an `<svg>`, without spaces between. @throws Error where the element has other attributes than the set's */
export function shapesOf(icon: string): string {
  const [, attributes = '', shapes = ''] = /<svg([^>]*)>([\s\S]*)<\/svg>/.exec(icon) ?? [];
  for (const expected of ['viewBox="0 0 24 24"', 'fill="none"', 'stroke="currentColor"', 'stroke-linejoin="round"']) {
    if (!attributes.includes(expected)) throw new Error(`an icon without ${expected}: ${icon}`);
  }
  return shapes.replace(/\s*\n\s*/g, '').replaceAll(' />', '/>');
}
