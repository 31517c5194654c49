/** `alcove-chat/types/vue`: the tag in Vue's templates. */
import type { EmitFn, HTMLAttributes, PublicProps } from 'vue';
import type { AlcoveChatElement } from '../alcove-chat-element.ts';
import type { AlcoveChatEventMap } from '../events.ts';
import type { ChatCamelListeners, ChatElement } from './chat-props.ts';

/** After https://vuejs.org/guide/extras/web-components.html#web-components-and-typescript */
type AlcoveChatTag = new () => AlcoveChatElement & {
  /** @deprecated Only for the templates' types: elements have no such member. */
  readonly $props: ChatElement<HTMLAttributes, ChatCamelListeners> & PublicProps;
  /** @deprecated Only for the templates' types: elements have no such member. */
  readonly $emit: EmitFn<{ [Name in keyof AlcoveChatEventMap]: (event: AlcoveChatEventMap[Name]) => void }>;
};

declare module 'vue' {
  interface GlobalComponents {
    'alcove-chat': AlcoveChatTag;
  }
}
