import { AlcoveChatElement } from './alcove-chat-element.ts';

export * from './index.ts';

// Two scripts on one page may both define the element; the first definition stays.
if (customElements.get('alcove-chat') === undefined) customElements.define('alcove-chat', AlcoveChatElement);
