import type { HighlightReply, HighlightRequest } from '../code/highlight-protocol.ts';
import hljs from './highlight-core.js';
import { LANGUAGE_DEFINITIONS } from './highlight-languages.ts';
import { rangesOf } from './token-ranges.ts';

/** Colours code: gets text, gives ranges. It never sees the page, and no HTML is made anywhere. */
addEventListener('message', ({ data }: MessageEvent<HighlightRequest>) => {
  const reply: HighlightReply = { id: data.id, ranges: highlight(data) };
  postMessage(reply, [reply.ranges.buffer]);
});

function highlight({ code, language }: HighlightRequest): Uint32Array<ArrayBuffer> {
  const definition = LANGUAGE_DEFINITIONS.get(language);
  if (definition === undefined) return new Uint32Array();
  // Only now is the language compiled.
  if (hljs.getLanguage(language) === undefined) hljs.registerLanguage(language, definition);
  return rangesOf(hljs.highlight(code, { language, ignoreIllegals: true }));
}
