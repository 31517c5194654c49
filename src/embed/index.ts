/** The npm package `alcove-chat`: the element's class and the JavaScript API. Importing it registers no element. */

export type { Conversation, ConversationSummary, Message } from '../chat/conversation.ts';
export type { DownloadFigures, DownloadStatus } from '../download/download-status.ts';
export type { Fit } from '../models/fit/fit-result.ts';
export type { Catalogue, ModelFile, ModelLicence, ModelRecord, ModelSource } from '../models/model-record.ts';
export { AlcoveError, type ErrorCode, type ErrorData } from '../platform/errors.ts';
export { Session, type SessionOptions } from '../session/session.ts';
export type * from '../session/state/session-state.ts';
export { DownloadConsentEvent } from './download-consent-event.ts';
export { AlcoveChatElement } from './element.ts';
export * from './events.ts';
export type * from './public-types.ts';
export { AlcoveToolCallEvent } from './tools/tool-call-event.ts';
export type * from './tools/tool-types.ts';
