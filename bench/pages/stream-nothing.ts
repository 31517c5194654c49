import { offer } from './shared/offer.ts';
import { NOTHING_SHOWN, type StreamOptions, type StreamOutcome, streamTokens } from './shared/token-stream.ts';

/** The stream without a view: the cost of the scripted engine itself. */
offer(async (options: StreamOptions): Promise<StreamOutcome> => {
  if (options.action === 'open') return NOTHING_SHOWN;
  let text = '';
  await streamTokens(options, (token) => {
    text += token;
  });
  return { shownCharacters: text.length };
});
