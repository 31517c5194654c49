/**
 * Registers <alcove-chat>. Exports what a page needs beside it, and not `Session`, which is a part of what the element loads
 * once it is used.
 */
import { defineChatElement } from '../ui/lib/custom-element.ts';

export { AlcoveError, type ErrorCode, type ErrorData } from '../platform/errors.ts';
export { DownloadConsentEvent } from './download-consent-event.ts';
export { AlcoveChatElement } from './element.ts';
export * from './events.ts';
export type * from './public-types.ts';

defineChatElement();
