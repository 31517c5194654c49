import { afterEach, expect, test, vi } from 'vitest';
import example from '../../examples/api.html?raw';
import { TOY } from './testing/toy-alcove.ts';

afterEach(() => document.body.replaceChildren());

test('the example downloads a model after a click, and streams an answer', { timeout: 180_000 }, async () => {
  const page = new DOMParser().parseFromString(example, 'text/html');
  const script = page.querySelector('script');
  const code = (script?.textContent ?? '')
    .replace("'./lib/api.js'", `'${location.origin}/src/api/index.ts'`)
    .replace(/const MODEL = '[^']+'/, `const MODEL = '${TOY}'`);
  script?.remove();
  document.body.append(...page.body.childNodes);
  const element = (id: string) => document.getElementById(id);
  const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  const running: Promise<unknown> = import(/* @vite-ignore */ url);

  await vi.waitFor(() => expect(element('download')?.hidden).toBe(false), 60_000);
  expect(element('offer')?.textContent).toBe('Toy for llama.cpp, Alcove, licence MIT');
  element('download')?.click();
  await running;
  expect(element('offer')?.textContent).toBe('Toy for llama.cpp runs in this page.');
  element('ask')?.querySelector('button')?.click();
  await vi.waitFor(() => expect(element('answer')?.textContent).toBe('The capital of France is Paris.'), 100_000);
});
