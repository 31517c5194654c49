import type { DownloadOptions } from '../download-options.ts';
import type { PipelineTools } from './chunk-pipeline.ts';

/** What a download slot gets for one file. */
export interface FileTask extends PipelineTools {
  readonly options: DownloadOptions;
  readonly signal: AbortSignal;
  /** Called with bytes that came over the network. */
  onReceived(receivedBytes: number): void;
  /** Called with the bytes stored since the last call; negative when a file was dropped. */
  onStored(storedBytes: number): void;
  /** Called when all bytes have arrived; they are not all stored yet. */
  onTaken(): void;
  /** Called when the file starts or stops waiting for its connection. */
  onWaiting(waiting: boolean): void;
}
