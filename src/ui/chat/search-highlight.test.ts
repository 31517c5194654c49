import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Message } from '../../chat/conversation.ts';
import { textParts } from '../../chat/message-parts.ts';
import { addMessage, createConversation } from '../../chat/tree.ts';
import { deepQuery, deepQueryAll, settle } from '../testing/deep-dom.ts';
import { FixtureSession } from '../testing/fixture-session.ts';
import { showChat } from '../testing/show-chat.ts';
import { STATES } from '../testing/states.ts';
import type { ChatView } from './chat-view.ts';

/** Of the message that is shown. */
const ID = 'm41';
const FILLER = 'Nothing of it is said here. '.repeat(12);

let view: ChatView;
let session: FixtureSession;

beforeAll(async () => {
  await import('./conversation-view.ts');
});

beforeEach(() => page.viewport(800, 700));

afterEach(() => view.remove());

/** A chat in which a message, an answer unless it says otherwise, has many before and after it. */
async function show(message: Partial<Message>): Promise<void> {
  const filler = Array.from({ length: 41 }, () => ({ parts: textParts(FILLER) }));
  let chat = createConversation('long', 0, 'toy');
  for (const [index, part] of [...filler, message, ...filler].entries()) {
    const parentId = index === 0 ? undefined : `m${index - 1}`;
    const role = index % 2 === 0 ? 'user' : 'assistant';
    chat = addMessage(chat, {
      id: `m${index}`,
      parentId,
      role,
      parts: [],
      status: 'complete',
      createdAt: index,
      ...part,
    });
  }
  session = new FixtureSession({ ...STATES.ready, chat });
  view = await showChat(session);
}

function ranges(): Range[] {
  return [...(CSS.highlights.get('alcove-search-highlight') ?? [])]
    .filter(({ startContainer }) => startContainer.isConnected)
    .map(({ startContainer, startOffset, endContainer, endOffset }) => {
      const range = document.createRange();
      range.setStart(startContainer, startOffset);
      range.setEnd(endContainer, endOffset);
      return range;
    });
}

function marked(): string[] {
  return ranges().map(String);
}

/** Whether the first of the marks is where it can be seen: in the view, and in the frame that scrolls sideways. */
function isInView(): boolean {
  const [range] = ranges();
  const word = range?.getBoundingClientRect();
  const frames = [deepQuery(view, '.scroller'), range?.startContainer.parentElement?.closest('pre') ?? undefined];
  return (
    word !== undefined &&
    word.width > 0 &&
    frames
      .flatMap((frame) => frame?.getBoundingClientRect() ?? [])
      .every(
        ({ top, bottom, left, right }) =>
          word.top >= top && word.bottom <= bottom && word.left >= left && word.right <= right,
      )
  );
}

test('the matches in a message are highlighted, and the first is in view, however far down it is', async () => {
  await show({
    parts: textParts(
      `${FILLER}\n\n`.repeat(40).concat('The **Whale** sings.\n\n', `${FILLER}\n\n`.repeat(40), 'Two whales.'),
    ),
  });
  await view.showMessage(ID, 'whal');
  await expect.poll(marked).toEqual(['Whale', 'whales']);
  await settle(view);
  expect(isInView()).toBe(true);
});

test('a match is in view even if content above it gets its height only when rendered', async () => {
  const paragraphs = `${FILLER.repeat(2)}\n\n`.repeat(6);
  await show({ parts: textParts(`${paragraphs}A **whale** sings.\n\n${paragraphs}`) });
  await view.showMessage(ID, 'whale');
  await expect.poll(marked).toEqual(['whale']);
  await settle(view);
  expect(isInView()).toBe(true);
});

test('a match that is in view at the start of its message causes no scroll', async () => {
  await show({ parts: textParts(`The whale sings.\n\n${FILLER}`) });
  await view.showMessage(ID, 'whale');
  await expect.poll(marked).toEqual(['whale']);
  const top = (selector: string): number => deepQuery(view, selector).getBoundingClientRect().top;
  expect(Math.abs(top(`[data-id="${ID}"]`) - top('.scroller'))).toBeLessThan(50);
});

test('a match far along a line of code is scrolled into view, and stays highlighted with syntax colours', async () => {
  await show({
    parts: textParts(`Some code:\n\n\`\`\`js\nconst copy = '${'x '.repeat(300)}'; // a whale\nwhale();\n\`\`\``),
  });
  await view.showMessage(ID, 'whale');
  await expect.poll(() => deepQueryAll(view, 'pre span span').length).toBeGreaterThan(0);
  await expect.poll(marked).toEqual(['whale', 'whale']);
  expect(isInView()).toBe(true);
});

test('text that is not part of the message is not highlighted', async () => {
  await show({ parts: textParts('Copy this:\n\n```\na copy\n```', 'A copy of a copy') });
  await view.showMessage(ID, 'copy');
  await expect.poll(marked).toEqual(['Copy', 'copy']);
});

test('a folded question unfolds up to the match', async () => {
  await show({ role: 'user', parts: textParts(`${FILLER.repeat(100)} A whale. ${FILLER.repeat(100)}`) });
  await view.showMessage(ID, 'whale');
  await expect.poll(marked).toEqual(['whale']);
  await settle(view);
  expect(isInView()).toBe(true);
});

test('a folded summary unfolds at the match', async () => {
  await show({ role: 'summary', parts: textParts(`${FILLER} A whale.`) });
  await view.showMessage(ID, 'whale');
  await expect.poll(marked).toEqual(['whale']);
  await settle(view);
  expect(isInView()).toBe(true);
});

test('the highlights disappear with a click, with input, and with another chat', async () => {
  await show({ parts: textParts('A whale.') });
  const mark = async (): Promise<void> => {
    await view.showMessage(ID, 'whale');
    await expect.poll(marked).toEqual(['whale']);
  };
  await mark();
  await userEvent.click(deepQuery(deepQuery(view, `[data-id="${ID}"]`), 'h2'));
  expect(marked()).toEqual([]);
  await mark();
  await userEvent.fill(deepQuery(view, 'textarea'), 'And then?');
  expect(marked()).toEqual([]);
  await mark();
  session.set({ chat: undefined });
  await settle(view);
  expect(CSS.highlights.get('alcove-search-highlight')?.size).toBe(0);
});
