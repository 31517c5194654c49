import type { ModelRecord } from '../models/model-record.ts';
import type { WireError } from '../platform/errors.ts';
import type { ModelPlan } from '../storage/weights/weight-store.ts';
import type { DownloadOptions } from './download-options.ts';
import type { DownloadFigures, DownloadStatus } from './download-status.ts';

/** To the download worker: one task, then at most `stop`. */
export type DownloadCommand =
  | { readonly type: 'download'; readonly record: ModelRecord; readonly options: DownloadOptions }
  | {
      readonly type: 'import';
      readonly plan: ModelPlan;
      /** By path. */
      readonly blobs: ReadonlyMap<string, Blob>;
      readonly options: DownloadOptions;
    }
  | { readonly type: 'verify'; readonly modelId: string; readonly databaseName: string }
  | { readonly type: 'stop' }
  /** The network may be back. */
  | { readonly type: 'wake' };

/** From it: reports, and `end` as the last. */
export type DownloadReport =
  | { readonly type: 'figures'; readonly figures: DownloadFigures }
  | { readonly type: 'checked'; readonly checkedBytes: number }
  | { readonly type: 'end'; readonly totalBytes: number; readonly error: WireError | undefined };

/** To the hash worker, which answers each command but `close`, in order. */
export type HashCommand =
  | { readonly type: 'open'; readonly id: number; readonly state: Uint8Array | undefined }
  | { readonly type: 'update'; readonly id: number; readonly buffer: ArrayBuffer; readonly sizeBytes: number }
  /** Ends the hash. */
  | { readonly type: 'digest'; readonly id: number }
  | { readonly type: 'close'; readonly id: number };

export type HashReply =
  /** False for a state of another build of the hash. */
  | { readonly type: 'opened'; readonly goesOn: boolean }
  /** The buffer comes back, to be used again. */
  | { readonly type: 'updated'; readonly buffer: ArrayBuffer; readonly state: Uint8Array }
  | { readonly type: 'digest'; readonly sha256: string }
  | { readonly type: 'failed'; readonly message: string };

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
