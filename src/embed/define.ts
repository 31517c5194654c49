import { defineChatElement } from '../ui/lib/custom-element.ts';

export * from './index.ts';

defineChatElement();
