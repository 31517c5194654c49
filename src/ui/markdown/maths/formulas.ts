import { msg } from '@lit/localize';
import { markAtomic } from '../morph.ts';

type Renderer = typeof import('./katex-renderer.ts');

/** Main-thread time for the nodes of formulas per frame, in ms. */
const BUDGET_MS = 6;
/** Formulas whose nodes are cached: an open block is built again each time it grows. */
const CACHE_SIZE = 200;

interface Waiting {
  readonly holder: HTMLElement;
  readonly tex: string;
  readonly isDisplay: boolean;
}

let load: Promise<Renderer> | undefined;
let renderer: Renderer | undefined;
let isDrawing = false;
let waiting: Waiting[] = [];
let whenIdle = Promise.withResolvers<void>();
const cache = new Map<string, DocumentFragment | undefined>();

/** A formula, shown as source text until KaTeX is loaded for the first one, or if KaTeX cannot parse it. */
export function createFormula(tex: string, raw: string, isDisplay: boolean): HTMLElement {
  const holder = document.createElement('span');
  holder.className = isDisplay ? 'formula display' : 'formula';
  // A wide formula scrolls, also with the keyboard.
  if (isDisplay) {
    holder.tabIndex = 0;
    holder.setAttribute('role', 'group');
    holder.setAttribute('aria-label', msg('Formula'));
  }
  const key = keyOf(tex, isDisplay);
  markAtomic(holder, key);
  holder.textContent = raw.trim();
  if (cache.has(key)) show(holder, cache.get(key));
  else {
    waiting.push({ holder, tex, isDisplay });
    schedule();
  }
  return holder;
}

/** Resolves when every formula so far is rendered. */
export async function formulasSettled(): Promise<void> {
  while (waiting.length > 0 || isDrawing) await whenIdle.promise;
}

/** Adds the styles of formulas to a root once KaTeX is loaded. */
export function adoptFormulaStyles(root: Node): void {
  if (!(root instanceof ShadowRoot || root instanceof Document)) return;
  void loadRenderer().then(
    (loaded) => loaded?.adoptFormulaStyles(root),
    () => {},
  );
}

function schedule(): void {
  if (renderer === undefined) void loadRenderer();
  else if (!isDrawing) void drawAll(renderer);
}

async function loadRenderer(): Promise<Renderer | undefined> {
  load ??= import('./katex-renderer.ts');
  try {
    renderer = await load;
    if (waiting.length > 0) schedule();
  } catch {
    // Offline, and KaTeX was not cached: formulas stay text; the next one tries again.
    load = undefined;
    settle();
  }
  return renderer;
}

async function drawAll({ renderFormula }: Renderer): Promise<void> {
  isDrawing = true;
  let usedMs = 0;
  try {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { holder, tex, isDisplay } = next;
      const key = keyOf(tex, isDisplay);
      if (!cache.has(key)) remember(key, await renderFormula(tex, isDisplay));
      const start = performance.now();
      show(holder, cache.get(key));
      usedMs += performance.now() - start;
      if (usedMs < BUDGET_MS) continue;
      usedMs = 0;
      await new Promise(requestAnimationFrame);
    }
  } catch {
    // The worker cannot run here: formulas stay text; the next one tries again.
  } finally {
    isDrawing = false;
    settle();
  }
}

function remember(key: string, drawn: DocumentFragment | undefined): void {
  cache.set(key, drawn);
  const [oldest] = cache.keys();
  if (cache.size > CACHE_SIZE && oldest !== undefined) cache.delete(oldest);
}

function settle(): void {
  waiting = [];
  whenIdle.resolve();
  whenIdle = Promise.withResolvers();
}

function show(holder: HTMLElement, drawn: DocumentFragment | undefined): void {
  if (drawn !== undefined) holder.replaceChildren(drawn.cloneNode(true));
}

function keyOf(tex: string, isDisplay: boolean): string {
  return `${isDisplay ? 'display' : 'inline'} ${tex}`;
}
