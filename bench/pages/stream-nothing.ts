import { offer } from './shared/offer.ts';
import { NOTHING_SHOWN, type StreamOptions, type StreamOutcome, streamTokens } from './shared/token-stream.ts';

/** The stream alone, shown nowhere: what the scripted engine itself costs the page. */
offer(async (options: StreamOptions): Promise<StreamOutcome> => {
  if (options.action === 'open') return NOTHING_SHOWN;
  let text = '';
  await streamTokens(options, (token) => {
    text += token;
  });
  return { shownCharacters: text.length };
});
