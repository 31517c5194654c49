import type { ModelRecord } from '../models/model-record.ts';
import { plainDatabaseName, sharedStorageOf } from '../platform/storage-access.ts';
import { TabChannel } from '../platform/tab-channel.ts';
import type { ModelPlan } from '../storage/weights/weight-store.ts';
import type { DownloadOptions } from './download-options.ts';
import type { DownloadFigures, DownloadStatus } from './download-status.ts';

/** Methods of the download worker. A worker runs one task, then at most `stop` and `wake`. A task returns its total bytes. */
export interface DownloadMethods {
  /** Plans a download without fetching a file. Returns the SHA-256 of each file that is not stored yet and has one. */
  readonly plan: {
    readonly input: { readonly record: ModelRecord; readonly options: DownloadOptions };
    readonly output: readonly string[];
  };
  readonly download: {
    readonly input: {
      readonly record: ModelRecord;
      readonly options: DownloadOptions;
      /** Files that this tab has found elsewhere, by SHA-256. They are verified, and downloaded if they are wrong. */
      readonly found: ReadonlyMap<string, Blob>;
    };
    readonly progress: DownloadFigures;
    readonly output: number;
  };
  readonly import: {
    readonly input: {
      readonly plan: ModelPlan;
      /** By path. */
      readonly blobs: ReadonlyMap<string, Blob>;
      readonly options: DownloadOptions;
    };
    readonly progress: DownloadFigures;
    readonly output: number;
  };
  readonly verify: {
    readonly input: { readonly modelId: string; readonly databaseName: string };
    readonly progress: number;
    readonly output: number;
  };
  /** Ends the task with an AbortError once the writes under way are done. */
  readonly stop: { readonly input: undefined; readonly output: undefined };
  /** The network may be back. */
  readonly wake: { readonly input: undefined; readonly output: undefined };
}

/** Methods of the hash worker, which runs them in the order of the calls. */
export interface HashMethods {
  /** Returns false for a state of another build of the hash. */
  readonly open: {
    readonly input: { readonly id: number; readonly state: Uint8Array | undefined };
    readonly output: boolean;
  };
  /** Returns the buffer, to be used again, and the state after it. */
  readonly update: {
    readonly input: { readonly id: number; readonly buffer: ArrayBuffer; readonly sizeBytes: number };
    readonly output: { readonly buffer: ArrayBuffer; readonly state: Uint8Array };
  };
  /** Ends the hash and returns it in lower-case hex. */
  readonly digest: { readonly input: { readonly id: number }; readonly output: string };
  readonly close: { readonly input: { readonly id: number }; readonly output: undefined };
}

/** Of the messages below, also of the records that they carry. */
const VERSION = 1;

/** Messages of the tabs to each other about downloads. */
export type DownloadBroadcast =
  /** A tab was opened; those that download announce their status. */
  | { readonly type: 'hello' }
  | {
      readonly type: 'status';
      readonly modelId: string;
      readonly status: DownloadStatus;
      /** Lets another tab take over. */
      readonly record: ModelRecord | undefined;
    }
  | { readonly type: 'pause' | 'cancel'; readonly modelId: string };

/** Opens the channel of the tabs that share a database. */
export function openDownloadChannel(
  databaseName: string,
  onNews: (news: DownloadBroadcast) => void,
): TabChannel<DownloadBroadcast> {
  const name = `alcove-downloads:${plainDatabaseName(databaseName)}`;
  return new TabChannel(name, VERSION, onNews, sharedStorageOf(databaseName)?.BroadcastChannel(name));
}

/** Held by the tab that downloads a model; the others wait for it and take over when that tab dies. */
export function downloadLockName(databaseName: string, modelId: string): string {
  return `alcove-download:${plainDatabaseName(databaseName)}:${modelId}`;
}

/** Held by the worker that writes. A closed page has released its own lock while its worker may still store a chunk. */
export function writerLockName(databaseName: string, modelId: string): string {
  return `${downloadLockName(databaseName, modelId)}:writer`;
}
