import { offer } from './shared/offer.ts';
import { NOTHING_SHOWN, type StreamOptions, type StreamOutcome, streamTokens } from './shared/token-stream.ts';

/** The largest steps that ours takes: two a second. */
const STEP_MS = 500;

/**
 * The floor of all that stream: the same text in as few steps as ours takes at the least, as plain paragraphs, without
 * Markdown, a chat or a store; only its end is kept in view.
 */
offer(async (options: StreamOptions): Promise<StreamOutcome> => {
  if (options.action === 'open') return NOTHING_SHOWN;
  const scroller = document.createElement('div');
  scroller.style.cssText =
    'block-size: 600px; inline-size: 800px; overflow-y: auto; contain: strict; font: 17px/1.6 system-ui';
  document.body.replaceChildren(scroller);
  let waiting = '';
  let paragraph: Text | undefined;
  let isDue: ReturnType<typeof setTimeout> | undefined;
  const draw = (): void => {
    isDue = undefined;
    for (const [index, piece] of waiting.split('\n\n').entries()) {
      if (index > 0 || paragraph === undefined) {
        const element = document.createElement('p');
        paragraph = document.createTextNode('');
        element.append(paragraph);
        scroller.append(element);
      }
      paragraph.appendData(piece);
    }
    waiting = '';
    scroller.scrollTop = scroller.scrollHeight;
  };
  await streamTokens(options, (token) => {
    waiting += token;
    isDue ??= setTimeout(() => requestAnimationFrame(draw), STEP_MS);
  });
  clearTimeout(isDue);
  draw();
  return { shownCharacters: scroller.textContent.length };
});
