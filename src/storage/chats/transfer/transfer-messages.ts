import type { ReadChat } from '../../../chat/formats/read-chat.ts';
import type { WireError } from '../../../platform/errors.ts';

/** What the page asks of the worker that reads and writes files of chats. One task a worker. */
export type TransferCommand =
  | { readonly type: 'read'; readonly file: Blob; readonly passphrase: string | undefined }
  /** The last chats are stored: send more. */
  | { readonly type: 'more' }
  | { readonly type: 'encrypt'; readonly file: Blob; readonly passphrase: string };

export type TransferReply =
  | { readonly type: 'chats'; readonly chats: readonly ReadChat[]; readonly readBytes: number }
  /** The file is read, to its end or to where it broke, in the chat of this number (from 0). */
  | { readonly type: 'read'; readonly broken: BrokenAt | undefined }
  | { readonly type: 'encrypted'; readonly file: Blob }
  | { readonly type: 'failed'; readonly error: WireError };

export interface BrokenAt {
  readonly index: number;
  readonly reason: 'ends-early' | 'not-json' | 'damaged';
}
