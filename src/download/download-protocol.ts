import type { ModelRecord } from '../models/model-record.ts';
import type { WireError } from '../platform/errors.ts';
import type { ModelPlan } from '../storage/weights/weight-store.ts';
import type { DownloadOptions } from './download-options.ts';
import type { DownloadFigures } from './download-status.ts';

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
