import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { deepQuery, deepQueryAll, settle } from '../testing/deep-dom.ts';
import { MarkdownView } from './markdown-view.ts';

afterEach(() => document.querySelector('alcove-markdown')?.remove());

test('on a phone a wide table scrolls, and keeps its columns readable', async () => {
  await page.viewport(360, 740);
  const view = new MarkdownView();
  view.text = `| Model | Memory | Speed | Licence |
| --- | --- | --- | --- |
| Llama 3.2 1B | needs about one gigabyte of memory | about as fast as you read | may be used commercially |
| Qwen3.5 2B | needs about two gigabytes of memory | a little slower than you read | may be used commercially |
`;
  document.body.append(view);
  await expect.poll(() => deepQueryAll(view, 'table')).toHaveLength(1);
  await settle(view);
  const frame = deepQuery(view, '.table');
  expect(frame.scrollWidth).toBeGreaterThan(frame.clientWidth);
  for (const row of deepQueryAll(view, 'tr')) expect(row.clientHeight).toBeLessThan(115);
});
