/** `alcove-chat/types/preact`: the tag in the JSX of Preact. */
import type { HTMLAttributes } from 'preact';
import type { AlcoveChatElement } from '../alcove-chat-element.ts';
import type { ChatElement, ChatListeners } from './chat-props.ts';

/** Named out here, because inside the block each name is first looked for in the framework's module. */
type AlcoveChatTag = ChatElement<HTMLAttributes<AlcoveChatElement>, ChatListeners<'on'>>;

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'alcove-chat': AlcoveChatTag;
    }
  }
}
