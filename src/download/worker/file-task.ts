import type { DownloadOptions } from '../download-options.ts';
import type { PipelineTools } from './chunk-pipeline.ts';

/** What a lane has at hand for one file. */
export interface FileTask extends PipelineTools {
  readonly options: DownloadOptions;
  readonly signal: AbortSignal;
  /** Bytes over the network. */
  onReceived(receivedBytes: number): void;
  /** Bytes that are stored since the last call; negative when a file was dropped. */
  onStored(storedBytes: number): void;
  /** All bytes came over the network; they are not all stored yet. */
  onTaken(): void;
  /** Whether this file waits for its connection. */
  onWaiting(waiting: boolean): void;
}
