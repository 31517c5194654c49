import type { HighlightReply, HighlightRequest } from '../code/highlight-protocol.ts';
import hljs from './highlight-core.js';
import { LANGUAGE_DEFINITIONS } from './highlight-languages.ts';
import { rangesOf } from './token-ranges.ts';

/** Highlights code in a worker: receives text, sends ranges. No HTML is made. */
addEventListener('message', ({ data }: MessageEvent<HighlightRequest>) => {
  const reply: HighlightReply = { id: data.id, ranges: highlight(data) };
  postMessage(reply, [reply.ranges.buffer]);
});

function highlight({ code, language }: HighlightRequest): Uint32Array<ArrayBuffer> {
  const definition = LANGUAGE_DEFINITIONS.get(language);
  if (definition === undefined) return new Uint32Array();
  // highlight.js compiles the language here, on first use.
  if (hljs.getLanguage(language) === undefined) hljs.registerLanguage(language, definition);
  return rangesOf(hljs.highlight(code, { language, ignoreIllegals: true }));
}
