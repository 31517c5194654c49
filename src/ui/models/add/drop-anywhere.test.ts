import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeDropped, watchDrops } from './drop-anywhere.ts';

const said: string[] = [];
let unwatch: () => void;

beforeEach(() => {
  said.length = 0;
  unwatch = watchDrops((message) => said.push(message));
});

afterEach(() => {
  unwatch();
  history.replaceState(null, '', location.pathname + location.search);
});

function drag(type: 'dragover' | 'dragleave' | 'drop', name: string): void {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File(['x'], name));
  document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
}

function hints(): number {
  return document.querySelectorAll('alcove-drop-hint').length;
}

test('a hint is shown while files are dragged over the page', async () => {
  drag('dragover', 'x.gguf');
  await expect.poll(hints).toBe(1);
  drag('dragleave', 'x.gguf');
  expect(hints()).toBe(0);
  drag('dragover', 'x.gguf');
  await expect.poll(hints).toBe(1);
  drag('drop', 'x.pdf');
  expect(hints()).toBe(0);
});

test('a dropped file that is no model says so, and opens nothing', () => {
  drag('drop', 'Tax letter.pdf');
  expect(said).toEqual([expect.stringContaining('“Tax letter.pdf” cannot be used here.')]);
  expect(takeDropped()).toBeUndefined();
  expect(location.hash).toBe('');
});

test('a dropped model opens the page that adds it', async () => {
  drag('drop', 'toy.gguf');
  expect(said).toEqual([]);
  expect(location.hash).toBe('#/models/add');
  expect((await takeDropped())?.map(({ file }) => file.name)).toEqual(['toy.gguf']);
});
