/** `alcove-chat/types/svelte`: the tag in Svelte's templates. */
import type { HTMLAttributes } from 'svelte/elements';
import type { AlcoveChatElement } from '../alcove-chat-element.ts';
import type { ChatElement, ChatListeners } from './chat-props.ts';

/** Named out here, because inside the block each name is first looked for in the framework's module. */
type AlcoveChatTag = ChatElement<HTMLAttributes<AlcoveChatElement>, ChatListeners<'on'> & ChatListeners<'on:'>>;

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'alcove-chat': AlcoveChatTag;
  }
}
