import type { ReadProject } from '../../../chat/formats/file-project.ts';
import type { ReadChat } from '../../../chat/formats/read-chat.ts';

/** Methods of the worker that reads and writes files of chats. One file a worker. */
export interface TransferMethods {
  readonly open: {
    readonly input: { readonly file: Blob; readonly passphrase: string | undefined };
    readonly output: undefined;
  };
  /** The next chats of the file, read only when they are asked for: the ones before are stored by then. */
  readonly next: { readonly input: undefined; readonly output: ReadBatch | ReadEnd };
  readonly encrypt: {
    readonly input: { readonly file: Blob; readonly passphrase: string };
    readonly output: Blob;
  };
}

export interface ReadBatch {
  readonly chats: readonly ReadChat[];
  readonly projects: readonly ReadProject[];
  readonly readBytes: number;
}

/** The file is read, to its end or to where it broke. */
export interface ReadEnd {
  readonly chats: undefined;
  readonly broken: BrokenAt | undefined;
}

/** Where a file broke, in the chat of this number (from 0). */
export interface BrokenAt {
  readonly index: number;
  readonly reason: 'ends-early' | 'not-json' | 'damaged';
}
