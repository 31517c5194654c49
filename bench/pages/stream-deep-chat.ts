import 'deep-chat';
import type { DeepChat } from 'deep-chat';
import { offer } from './shared/offer.ts';
import { NOTHING_SHOWN, type StreamOptions, type StreamOutcome, streamTokens } from './shared/token-stream.ts';

let chat: DeepChat | undefined;
let ended = Promise.withResolvers<void>();
let current: StreamOptions | undefined;

/** deep-chat, fed through its own handler as its documentation describes. */
offer(async (options: StreamOptions): Promise<StreamOutcome> => {
  if (options.action === 'open') {
    await open();
    return NOTHING_SHOWN;
  }
  current = options;
  ended = Promise.withResolvers<void>();
  chat?.submitUserMessage({ text: 'Continue' });
  await ended.promise;
  const answers = chat?.shadowRoot?.querySelectorAll('.ai-message-text');
  return { shownCharacters: answers?.[answers.length - 1]?.textContent.length ?? 0 };
});

async function open(): Promise<void> {
  chat = document.createElement('deep-chat') as DeepChat;
  chat.style.cssText = 'inline-size: 800px; block-size: 600px';
  chat.connect = {
    stream: true,
    handler: async (_, signals) => {
      signals.onOpen();
      if (current !== undefined) await streamTokens(current, (token) => void signals.onResponse({ text: token }));
      signals.onClose();
      ended.resolve();
    },
  };
  const ready = Promise.withResolvers<void>();
  chat.onComponentRender = () => ready.resolve();
  document.body.append(chat);
  await ready.promise;
}
