import { marked } from 'marked';
import { mixedMarkdown } from './shared/mixed-markdown.ts';
import { offer } from './shared/offer.ts';
import { NOTHING_SHOWN, type StreamOptions, type StreamOutcome } from './shared/token-stream.ts';

/** The whole text at once, laid out and painted one time: the least that any view of it costs. */
offer(async ({ action, characters }: StreamOptions): Promise<StreamOutcome> => {
  if (action === 'open') return NOTHING_SHOWN;
  const answer = document.createElement('div');
  document.body.append(answer);
  answer.innerHTML = marked.parse(mixedMarkdown(characters), { async: false });
  scrollTo(0, document.documentElement.scrollHeight);
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
  return { shownCharacters: answer.textContent.length };
});
