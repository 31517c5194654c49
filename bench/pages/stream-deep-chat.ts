import 'deep-chat';
import type { DeepChat } from 'deep-chat';
import { offer } from './shared/offer.ts';
import { type StreamOptions, streamTokens } from './shared/token-stream.ts';

/** deep-chat, fed through its own handler as its documentation has it. */
offer(async (options: StreamOptions) => {
  const chat = document.createElement('deep-chat') as DeepChat;
  chat.style.cssText = 'inline-size: 800px; block-size: 600px';
  const ended = new Promise<void>((resolve) => {
    chat.connect = {
      stream: true,
      handler: async (_, signals) => {
        signals.onOpen();
        await streamTokens(options, (token) => void signals.onResponse({ text: token }));
        signals.onClose();
        resolve();
      },
    };
  });
  const ready = new Promise<void>((resolve) => {
    chat.onComponentRender = () => resolve();
  });
  document.body.append(chat);
  await ready;
  chat.submitUserMessage({ text: 'Go on' });
  await ended;
  return { shownCharacters: chat.shadowRoot?.querySelector('.ai-message-text')?.textContent.length ?? 0 };
});
