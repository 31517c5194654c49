import { fromBase64 } from '../../platform/data-url.ts';
import type { PromptMessage, PromptPart } from '../engine.ts';
import { hasImages, promptText } from '../prompt-text.ts';
import { withToolPrompt } from '../tool-prompt.ts';
import type { BrowserContent, BrowserMessage } from './browser-language-model.ts';

/**
 * A conversation as the Prompt API takes it. It has no role for a tool's result, so earlier calls and results become text.
 * @param continueLast the last message is the beginning of the answer
 */
export async function toBrowserMessages(
  messages: readonly PromptMessage[],
  continueLast: boolean,
): Promise<readonly BrowserMessage[]> {
  const spoken = withToolPrompt(messages, [], false);
  const last = spoken.length - 1;
  return Promise.all(
    spoken.map(async (message, index): Promise<BrowserMessage> => {
      const { role, content } = message;
      return {
        role: role === 'tool' ? 'user' : role,
        content:
          hasImages(message) && typeof content !== 'string'
            ? await Promise.all(content.map(toContent))
            : promptText(content),
        ...(continueLast && index === last && { prefix: true }),
      };
    }),
  );
}

async function toContent(part: PromptPart): Promise<BrowserContent> {
  if (part.type === 'text') return { type: 'text', value: part.text };
  const { image } = part;
  return { type: 'image', value: typeof image === 'string' ? await readDataUrl(image) : image };
}

/** Not by fetch, which a page's policy for connections may refuse. */
async function readDataUrl(url: string): Promise<Blob> {
  const [head = '', data = ''] = url.split(',', 2);
  return new Blob([fromBase64(data)], { type: /^data:([^;,]*)/.exec(head)?.[1] ?? '' });
}
