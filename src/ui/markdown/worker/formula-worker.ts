import katex from 'katex';
// Adds `\ce` and `\pu`, for chemistry.
import 'katex/contrib/mhchem';
import { serveCalls } from '../../../platform/worker-rpc.ts';
import type { FormulaMethods, FormulaNode } from '../maths/formula-protocol.ts';
import { readMarkup } from './read-markup.ts';

/** Renders formulas in a worker, because no setting of KaTeX bounds the time and the size that a formula takes. */
serveCalls<FormulaMethods>({
  start: () => undefined,
  render: ({ tex, isDisplay }) => render(tex, isDisplay),
});

/** Limits for sizes, in em, and for expansions of KaTeX's own macros. */
const MAX_SIZE_EM = 40;
const MAX_EXPANSIONS = 400;

/** Most characters of markup. A page of equations has some 100,000; 3,900 characters of a matrix have 1.2 million. */
const MAX_MARKUP = 500_000;

/** Most elements in each other. A continued fraction of ten steps has 70; browsers lay out some thousand, slowly. */
const MAX_DEPTH = 200;

/**
 * Commands that define macros. A model needs none, and with them a formula of 3,588 characters takes minutes: `maxExpand`
 * bounds how often a macro is expanded, not how much.
 */
const DEFINITION = /\\(?:[gex]?def|(?:future)?let|(?:re)?newcommand|providecommand|global|long)(?![a-zA-Z])/;

function render(tex: string, isDisplay: boolean): readonly FormulaNode[] | undefined {
  if (DEFINITION.test(tex)) return undefined;
  let markup: string;
  try {
    markup = katex.renderToString(tex, {
      displayMode: isDisplay,
      throwOnError: true,
      trust: false,
      strict: 'ignore',
      maxSize: MAX_SIZE_EM,
      maxExpand: MAX_EXPANSIONS,
    });
  } catch {
    // Not TeX, or over a limit.
    return undefined;
  }
  return markup.length > MAX_MARKUP ? undefined : readMarkup(markup, MAX_DEPTH);
}
