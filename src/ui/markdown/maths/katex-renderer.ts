import css from 'katex/dist/katex.min.css?raw';
import { type BuiltFile, decodeFile } from '../../../platform/built-file.ts';
import { WorkerClient } from '../../../platform/worker-rpc.ts';
import workerScript from '../worker/formula-worker.ts?worker-file';
import { buildFormula } from './formula-gate.ts';
import type { FormulaMethods } from './formula-protocol.ts';
import { KATEX_FONTS } from './katex-fonts.ts';

/** Time of the worker for one formula at first, in ms. A page of equations takes 50 ms on a fast processor. */
const TIMEOUT_MS = 2_000;

/** The worker ends after this time without work, in ms. */
const IDLE_MS = 30_000;

/** Our own font names: a host page may have other files under KaTeX's names. */
const FAMILY = 'AlcoveKaTeX_';

const sheet = new CSSStyleSheet();
const FONT_FACE = /@font-face\{[^}]*\}/g;
/** A formula draws within its own box: `\llap` and negative spaces could cover a link's host. Accents reach out a little. */
const CLIPPED = '.katex .katex-base { overflow: clip; overflow-clip-margin: 0.2em; }';
sheet.replaceSync(css.replace(FONT_FACE, '').replaceAll('KaTeX_', FAMILY) + CLIPPED);

const worker = new WorkerClient<FormulaMethods>(workerScript, 'alcove-formulas', { idleMs: IDLE_MS });
let timeoutMs = TIMEOUT_MS;

/**
 * Renders a formula to nodes; undefined where KaTeX cannot parse it, where it takes too much time or room, or where its
 * output is not on the allow-list. The MathML is for screen readers and for copying, the HTML for display. One call at a
 * time.
 * @throws where the worker cannot run, as on a host page whose policy forbids it
 */
export async function renderFormula(tex: string, isDisplay: boolean): Promise<DocumentFragment | undefined> {
  if (!worker.isRunning) await worker.call('start', undefined);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    worker.end();
  }, timeoutMs);
  try {
    const nodes = await worker.call('render', { tex, isDisplay });
    return nodes === undefined ? undefined : buildFormula(nodes);
  } catch (error) {
    if (!isLate) throw error;
    // A text with many such formulas must not keep the worker busy for minutes.
    timeoutMs = Math.max(timeoutMs / 2, TIMEOUT_MS / 32);
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** Adds the styles of formulas to a shadow root or document; fonts are always added to the document. */
export function adoptFormulaStyles(root: Document | ShadowRoot): void {
  addFonts();
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}

let hasFonts = false;

/** A font that has a URL loads when one of its glyphs is first rendered; text, with the first formula. */
function addFonts(): void {
  if (hasFonts) return;
  hasFonts = true;
  for (const [rule] of css.matchAll(FONT_FACE)) {
    const property = (name: string): string => new RegExp(`${name}:([^;}]+)`).exec(rule)?.[1] ?? '';
    const file = KATEX_FONTS[/fonts\/KaTeX_([\w-]+)\.woff2/.exec(rule)?.[1] ?? ''];
    if (file === undefined) continue;
    const family = property('font-family').replace('KaTeX_', FAMILY).replaceAll('"', '');
    void addFont(family, file, {
      style: property('font-style'),
      weight: property('font-weight'),
      display: 'block',
    });
  }
}

async function addFont(family: string, file: BuiltFile, descriptors: FontFaceDescriptors): Promise<void> {
  const source =
    'url' in file ? `url(${JSON.stringify(file.url)}) format("woff2")` : await decodeFile(await file.load());
  document.fonts.add(new FontFace(family, source, descriptors));
}
