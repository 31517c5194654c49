/** `alcove-chat/types/react`: the tag in the JSX of React 19. */
import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { AlcoveChatElement } from '../alcove-chat-element.ts';
import type { ChatElement, ChatListeners } from './chat-props.ts';

/** Named out here, because inside the block each name is first looked for in the framework's module. */
type AlcoveChatTag = ChatElement<
  DetailedHTMLProps<HTMLAttributes<AlcoveChatElement>, AlcoveChatElement>,
  ChatListeners<'on'>
>;

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'alcove-chat': AlcoveChatTag;
    }
  }
}
