import { expect, it } from 'vitest';
import { shapesOf } from './icon-plugin.ts';

it('leaves the shapes of an icon, and refuses one that is drawn in another way', () => {
  const icon = `<!-- @license -->
<svg
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-linejoin="round"
>
  <path d="m9 12 2 2" />
  <circle r="2" />
</svg>
`;
  expect(shapesOf(icon)).toBe('<path d="m9 12 2 2"/><circle r="2"/>');
  expect(() => shapesOf(icon.replace('none', 'red'))).toThrow('fill="none"');
});
