import { msg } from '@lit/localize';
import { seal } from '../morph.ts';

type Renderer = typeof import('./katex-renderer.ts');

/** Main-thread time that formulas may take of one frame. */
const BUDGET_MS = 6;
/** Formulas whose nodes are kept: those of an open block are built anew each time it grows. */
const CACHE_SIZE = 200;

interface Waiting {
  readonly holder: HTMLElement;
  readonly tex: string;
  readonly isDisplay: boolean;
}

let load: Promise<Renderer> | undefined;
let renderer: Renderer | undefined;
let frame: number | undefined;
let waiting: Waiting[] = [];
let whenIdle = Promise.withResolvers<void>();
const cache = new Map<string, DocumentFragment | undefined>();

/**
 * A formula: first the text that it was written as, and as soon as KaTeX is there (it is fetched with the first one)
 * what it looks like. What KaTeX cannot read stays text.
 */
export function createFormula(tex: string, raw: string, isDisplay: boolean): HTMLElement {
  const holder = document.createElement('span');
  holder.className = isDisplay ? 'formula display' : 'formula';
  // A wide one scrolls by itself; with the keyboard too.
  if (isDisplay) {
    holder.tabIndex = 0;
    holder.setAttribute('role', 'group');
    holder.setAttribute('aria-label', msg('Formula'));
  }
  const key = keyOf(tex, isDisplay);
  seal(holder, key);
  holder.textContent = raw.trim();
  if (cache.has(key)) show(holder, cache.get(key));
  else {
    waiting.push({ holder, tex, isDisplay });
    schedule();
  }
  return holder;
}

/** Resolves when every formula so far is drawn. */
export async function formulasSettled(): Promise<void> {
  while (waiting.length > 0) await whenIdle.promise;
}

/** Gives a root what formulas look like; until KaTeX is there they look like text. */
export function adoptFormulaStyles(root: Node): void {
  if (!(root instanceof ShadowRoot || root instanceof Document)) return;
  void loadRenderer().then(
    (loaded) => loaded?.adoptFormulaStyles(root),
    () => {},
  );
}

function schedule(): void {
  if (renderer === undefined) void loadRenderer();
  else if (frame === undefined) frame = requestAnimationFrame(drawSome);
}

async function loadRenderer(): Promise<Renderer | undefined> {
  load ??= import('./katex-renderer.ts');
  try {
    renderer = await load;
    if (waiting.length > 0) schedule();
  } catch {
    // Offline before it was here: the formulas stay text, the next one tries again.
    load = undefined;
    settle();
  }
  return renderer;
}

function drawSome(): void {
  frame = undefined;
  const start = performance.now();
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    draw(next);
    if (performance.now() - start > BUDGET_MS && waiting.length > 0) {
      schedule();
      return;
    }
  }
  settle();
}

function settle(): void {
  waiting = [];
  whenIdle.resolve();
  whenIdle = Promise.withResolvers();
}

function draw({ holder, tex, isDisplay }: Waiting): void {
  const key = keyOf(tex, isDisplay);
  if (!cache.has(key)) {
    cache.set(key, renderer?.renderFormula(tex, isDisplay));
    const [oldest] = cache.keys();
    if (cache.size > CACHE_SIZE && oldest !== undefined) cache.delete(oldest);
  }
  show(holder, cache.get(key));
}

function show(holder: HTMLElement, drawn: DocumentFragment | undefined): void {
  if (drawn !== undefined) holder.replaceChildren(drawn.cloneNode(true));
}

function keyOf(tex: string, isDisplay: boolean): string {
  return `${isDisplay ? 'display' : 'inline'} ${tex}`;
}
