import { AlcoveChatElement } from './alcove-chat-element.ts';

export * from './index.ts';

// Two scripts on one page may both bring the element: the first one stays.
if (customElements.get('alcove-chat') === undefined) customElements.define('alcove-chat', AlcoveChatElement);
