import { offer } from './shared/offer.ts';
import { NOTHING_SHOWN, type StreamOptions, type StreamOutcome, streamTokens } from './shared/token-stream.ts';

/** Two steps per second, the fewest that our view renders. */
const STEP_MS = 500;

/**
 * The least that streaming costs: the same text as plain paragraphs in as few steps as our view's fewest, without Markdown, a
 * chat or a store; only the scroll position follows the end.
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
