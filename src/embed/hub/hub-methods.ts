import type { AlcoveError } from '../../platform/errors.ts';
import type { ElementMethods } from '../chat-methods.ts';
import type { HubClient } from './hub-client.ts';

/** The element's methods where the chat is in a hub: what has no result of the conversation is done there, the rest is forbidden. */
export function hubMethods(client: HubClient, forbidden: (member: string) => AlcoveError): ElementMethods {
  const forbid = (member: string) => async (): Promise<never> => {
    throw forbidden(member);
  };
  return {
    load: () => client.call('load'),
    stop: () => client.call('stop'),
    newChat: () => client.call('newChat'),
    unload: () => client.call('unload'),
    fill: (text) => client.call('fill', text),
    send: forbid('send'),
    regenerate: forbid('regenerate'),
    clear: forbid('clear'),
    setMessages: forbid('messages'),
    listChats: forbid('chats'),
    openChat: forbid('chats'),
    deleteChat: forbid('chats'),
    export: forbid('export'),
    import: forbid('import'),
  };
}
