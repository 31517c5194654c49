/** `alcove-chat/types/solid`: the tag in the JSX of Solid. */
import type { JSX } from 'solid-js';
import type { AlcoveChatElement } from '../alcove-chat-element.ts';
import type { ChatElement, ChatListeners, ChatProps } from './chat-props.ts';

/** Solid writes a literal into the template as an attribute; `prop:` makes it a property. */
type PropertyProps = { [Name in keyof ChatProps as `prop:${Name}`]: ChatProps[Name] };

/** Named out here, because inside the block each name is first looked for in the framework's module. */
type AlcoveChatTag = ChatElement<JSX.HTMLAttributes<AlcoveChatElement>, ChatListeners<'on:'> & PropertyProps>;

declare module 'solid-js' {
  namespace JSX {
    interface IntrinsicElements {
      'alcove-chat': AlcoveChatTag;
    }
  }
}
