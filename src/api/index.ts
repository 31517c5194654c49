/** `alcove-chat/api`: language models in this page, asked as OpenAI's API is. Importing it starts nothing. */

export type { DownloadStatus } from '../download/download-status.ts';
export type { Capabilities, LoadProgress } from '../engine/engine.ts';
export type { Fit } from '../models/fit/fit-result.ts';
export type { ModelRecord } from '../models/model-record.ts';
export type { WeightsState } from '../session/state/session-state.ts';
export { type Alcove, type AlcoveOptions, createAlcove, type LoadOptions } from './alcove.ts';
export type { ListedModel } from './alcove-fetch.ts';
export { AlcoveApiError, type ApiErrorBody, type ApiErrorType } from './api-error.ts';
export type { ChatCompletions } from './chat-completions.ts';
export type * from './chat-types.ts';
export type * from './completion-types.ts';
export type { Completions } from './completions.ts';
export type { CreateEmbeddingResponse, Embedding, EmbeddingCreateParams, Embeddings } from './embeddings.ts';
export type { AlcoveModel, ApiModels, DownloadOptions, DownloadProgress } from './models.ts';
export type { RequestOptions } from './request-options.ts';
export type * from './response-types.ts';
export type { Responses } from './responses.ts';
