import type { ModelRecord } from '../models/model-record.ts';
import type { DownloadStatus } from './download-status.ts';

/** What the tabs tell each other about downloads. */
export type DownloadBroadcast =
  /** A tab has come; those that download say how far they are. */
  | { readonly type: 'hello' }
  | {
      readonly type: 'status';
      readonly modelId: string;
      readonly status: DownloadStatus;
      /** For a tab that takes over. */
      readonly record: ModelRecord | undefined;
    }
  | { readonly type: 'pause' | 'cancel'; readonly modelId: string };

/** A channel of the tabs that share a database. */
export function openDownloadChannel(databaseName: string, onNews: (news: DownloadBroadcast) => void): BroadcastChannel {
  const channel = new BroadcastChannel(`alcove-downloads:${databaseName}`);
  channel.addEventListener('message', ({ data }: MessageEvent<DownloadBroadcast>) => onNews(data));
  return channel;
}

/** Held by the tab that downloads a model; the others wait for it and take over when that tab dies. */
export function downloadLockName(databaseName: string, modelId: string): string {
  return `alcove-download:${databaseName}:${modelId}`;
}

/**
 * Held by the worker that writes: a page that is gone has given its lock back, while its worker may still be about to
 * store a chunk.
 */
export function writerLockName(databaseName: string, modelId: string): string {
  return `${downloadLockName(databaseName, modelId)}:writer`;
}
