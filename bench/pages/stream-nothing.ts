import { offer } from './shared/offer.ts';
import { type StreamOptions, streamTokens } from './shared/token-stream.ts';

/** The stream alone, shown nowhere: what the scripted engine itself costs the page. */
offer(async (options: StreamOptions) => {
  let text = '';
  await streamTokens(options, (token) => {
    text += token;
  });
  return { shownCharacters: text.length };
});
