import { serveCalls } from '../../../platform/worker-rpc.ts';
import type { HighlightMethods, HighlightRanges } from '../code/highlight-protocol.ts';
import hljs from './highlight-core.js';
import { LANGUAGE_DEFINITIONS } from './highlight-languages.ts';
import { rangesOf } from './token-ranges.ts';

/** Highlights code in a worker: receives text, returns ranges. No HTML is made. */
serveCalls<HighlightMethods>({
  highlight: ({ code, language }, { transfer }) => {
    const ranges = highlight(code, language);
    transfer(ranges.buffer);
    return ranges;
  },
});

function highlight(code: string, language: string): HighlightRanges {
  const definition = LANGUAGE_DEFINITIONS.get(language);
  if (definition === undefined) return new Uint32Array();
  // highlight.js compiles the language here, on first use.
  if (hljs.getLanguage(language) === undefined) hljs.registerLanguage(language, definition);
  return rangesOf(hljs.highlight(code, { language, ignoreIllegals: true }));
}
