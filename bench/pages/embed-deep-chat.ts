import 'deep-chat';
import type { DeepChat } from 'deep-chat';

/** deep-chat on a page, as its documentation embeds it; nobody uses it. */
const chat: DeepChat = document.createElement('deep-chat');
chat.connect = { handler: () => {} };
document.body.append(chat);
