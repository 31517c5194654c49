import type { ModelRecord } from '../../models/model-record.ts';
import type { WireError } from '../../platform/errors.ts';

/** One file of a model before its first byte. */
export interface PlannedFile {
  /** The name the engine asks for. */
  readonly path: string;
  /** Absolute. */
  readonly url: string;
  /** Undefined until the host has reported it. */
  readonly sizeBytes: number | undefined;
  /** Lower-case hex. Undefined until the first complete download of a file whose source lists none. */
  readonly sha256: string | undefined;
  /** SHA-1 of git's `blob <size>\0` and the bytes, lower-case hex, for files whose host lists no SHA-256. */
  readonly gitBlobId: string | undefined;
}

export interface ModelPlan {
  readonly record: ModelRecord;
  /** The commit or version that the files are pinned to. */
  readonly revision: string;
  readonly files: readonly PlannedFile[];
  /** Of files from an archive. Left out: what the source lists. */
  readonly verifiedAgainst?: VerifiedAgainst;
}

/** Whose hashes the files were compared with: the catalogue's, or none but those that the archive itself has. */
export type VerifiedAgainst = 'catalogue' | 'archive';

/** One file of a model as stored. */
export interface StoredFile extends PlannedFile {
  readonly modelId: string;
  /** The host's validator of the first response, to be compared when the file is resumed. */
  readonly etag: string | undefined;
  readonly storedBytes: number;
  /** True once all bytes are stored and their hash was right. */
  readonly verified: boolean;
}

export interface StoredModel {
  readonly record: ModelRecord;
  /** The commit or version that the files were pinned to when the download was planned. */
  readonly revision: string;
  readonly files: readonly StoredFile[];
  /** Sum of the files' sizes, as far as they are known. */
  readonly sizeBytes: number;
  readonly storedBytes: number;
  readonly complete: boolean;
  /** ms since the epoch. */
  readonly addedAt: number;
  readonly lastUsedAt: number | undefined;
  readonly verifiedAt: number | undefined;
  readonly verifiedAgainst?: VerifiedAgainst;
  /** Why the download is paused or failed; undefined while it runs, and if its tab was killed. */
  readonly pauseReason: PauseReason | undefined;
}

/** How the last download ended short of completion; undefined while one runs, or if its tab was killed. */
export interface PauseReason {
  readonly status: 'paused' | 'failed';
  readonly error: WireError | undefined;
  /** ms since the epoch */
  readonly at: number;
}
