import { offerChatElement } from '../ui/lib/custom-element.ts';
import { AlcoveChatElement } from './alcove-chat-element.ts';

export { AlcoveChatElement };

offerChatElement(AlcoveChatElement);
