import { marked } from 'marked';
import { offer } from './shared/offer.ts';
import { NOTHING_SHOWN, type StreamOptions, type StreamOutcome, streamTokens } from './shared/token-stream.ts';

/** What most pages do: turn the whole text into HTML again for each token. */
offer(async (options: StreamOptions): Promise<StreamOutcome> => {
  if (options.action === 'open') return NOTHING_SHOWN;
  const answer = document.createElement('div');
  document.body.append(answer);
  let text = '';
  await streamTokens(options, (token) => {
    text += token;
    answer.innerHTML = marked.parse(text, { async: false });
    scrollTo(0, document.documentElement.scrollHeight);
  });
  return { shownCharacters: answer.textContent.length };
});
