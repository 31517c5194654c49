import type { PromptMessage } from './engine.ts';

/** What a message says in words; images have none. */
export function promptText(content: PromptMessage['content']): string {
  if (typeof content === 'string') return content;
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

export function hasImages({ content }: PromptMessage): boolean {
  return typeof content !== 'string' && content.some(({ type }) => type === 'image');
}
