import { expect, it } from 'vitest';
import { shortenCss } from './css-plugin.ts';

it('removes comments and indentation, and keeps the spaces that separate', () => {
  const styles = `
    /* Rows by number: a host page may hide a part. */
    .bar > :is(a, b):not(.c) {
      inset: calc(2 * var(--_rem) - 4px) auto;
      content: '';
    }

    @container (max-width: 10em) { .d { color: red; } }
  `;
  expect(shortenCss(styles)).toBe(
    ".bar > :is(a,b):not(.c){inset: calc(2 * var(--_rem) - 4px) auto;content: ''}@container (max-width: 10em){.d{color: red}}",
  );
});
