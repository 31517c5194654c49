import 'deep-chat';
import type { DeepChat } from 'deep-chat';
import { offer } from './shared/offer.ts';

interface HistoryOptions {
  readonly texts: readonly string[];
}

/** deep-chat with a whole chat as its history, passed from memory. @returns ms until its last words are painted */
offer(async ({ texts }: HistoryOptions): Promise<number> => {
  const began = performance.now();
  const chat = document.createElement('deep-chat') as DeepChat;
  chat.style.cssText = 'inline-size: 800px; block-size: 600px';
  chat.connect = { handler: () => {} };
  chat.history = texts.map((text, index) => ({ role: index % 2 === 0 ? 'user' : 'ai', text }));
  document.body.replaceChildren(chat);
  const end = texts.at(-1)?.slice(-20) ?? '';
  for (;;) {
    await new Promise(requestAnimationFrame);
    const messages = chat.shadowRoot?.querySelectorAll('.message-bubble');
    if (messages?.[messages.length - 1]?.textContent.includes(end)) break;
  }
  // In a task after the frame that shows the text.
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return performance.now() - began;
});
