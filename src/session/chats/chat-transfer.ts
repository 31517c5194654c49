import { fileFrame, toFile, toFileChat } from '../../chat/formats/alcove-chats.ts';
import type { ChatSource } from '../../chat/formats/draft-chat.ts';
import type { ReadChat, UnreadReason } from '../../chat/formats/read-chat.ts';
import { AlcoveError } from '../../platform/errors.ts';
import { WorkerClient } from '../../platform/worker-rpc.ts';
import type { BrokenAt, TransferMethods } from '../../storage/chats/transfer/transfer-messages.ts';
import workerUrl from '../../storage/chats/transfer/worker/transfer-worker.ts?worker&url';
import type { ChatRepository } from './chat-repository.ts';

/**
 * Characters of a part of a file. Parts, since a Blob need not be in memory: the chats together may have no room there.
 * Large ones, since a Blob of thousands holds the page up when it is made.
 */
const PART_LENGTH = 1_000_000;

/** What a file of chats came to. */
export interface ImportReport {
  /** The program that wrote the file, where its chats say. */
  readonly source: ChatSource | undefined;
  readonly added: number;
  /** Chats that were here, and got messages that were not. */
  readonly merged: number;
  /** Chats that were here with all that the file has. */
  readonly known: number;
  readonly unread: readonly UnreadChat[];
  /** Messages of the chats above that could not be read. */
  readonly unreadMessages: number;
  /** Pictures and other files that the chats name and the file does not hold. */
  readonly missingFiles: number;
  /** Where the file ends or is no longer JSON: nothing was read from there on. */
  readonly broken: BrokenAt | undefined;
}

/** A chat that was not taken: which in the file (from 1), and why. */
export interface UnreadChat {
  readonly number: number;
  readonly title: string;
  readonly reason: UnreadReason;
}

export interface ExportReport {
  readonly file: Blob;
  readonly chatCount: number;
  /** Titles of chats whose records cannot be read: they are not in the file. */
  readonly unread: readonly string[];
}

export interface ImportOptions {
  readonly passphrase?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** How far it is: bytes of the file, chats that are stored. */
  readonly onProgress?: (readBytes: number, chatCount: number) => void;
}

/** Brings chats out of the browser and into it. A worker reads and encrypts the files; chats are stored as they come. */
export class ChatTransfer {
  readonly #library: ChatRepository;
  readonly #chatIds: () => readonly (readonly [id: string, title: string])[];

  /** @param chatIds those of all chats, with their titles */
  constructor(library: ChatRepository, chatIds: () => readonly (readonly [id: string, title: string])[]) {
    this.#library = library;
    this.#chatIds = chatIds;
  }

  /** One chat as a file of Alcove's format. @throws AlcoveError `record-broken` */
  async exportChat(id: string): Promise<Blob> {
    const chat = await this.#library.read(id);
    if (chat === undefined) throw new AlcoveError('record-broken', `no chat ${id}`, { data: { id } });
    return jsonBlob([toFile([chat], Date.now())]);
  }

  /**
   * All chats in one file. With a passphrase it is encrypted in the age format.
   * @throws AlcoveError of the store, when not all chats can be listed
   */
  async exportAll(passphrase?: string): Promise<ExportReport> {
    await Promise.all([this.#library.save(), this.#library.listed]);
    const { before, after } = fileFrame(Date.now());
    const parts: Blob[] = [];
    const unread: string[] = [];
    let chatCount = 0;
    let text = before;
    for (const [id, title] of this.#chatIds()) {
      const chat = await this.#library.read(id).catch(() => undefined);
      if (chat === undefined) {
        unread.push(title);
        continue;
      }
      text += (chatCount === 0 ? '' : ',\n') + JSON.stringify(toFileChat(chat));
      chatCount += 1;
      if (text.length < PART_LENGTH) continue;
      parts.push(new Blob([text]));
      text = '';
    }
    const plain = jsonBlob([...parts, text, after]);
    return { file: passphrase === undefined ? plain : await encrypt(plain, passphrase), chatCount, unread };
  }

  /**
   * Takes in the chats of a file. Chats that are here already are merged, never doubled. What is whole is stored, also
   * when the file breaks or the import is cancelled in the middle.
   * @throws AlcoveError `passphrase-needed`, `passphrase-wrong`, `import-unreadable`, `backup-damaged`, those of the
   *   store; AbortError after a cancel
   */
  async import(file: Blob, options: ImportOptions = {}): Promise<ImportReport> {
    const tally = new Tally();
    try {
      const broken = await this.#readAll(file, options, async (chats, readBytes) => {
        tally.count(chats);
        const sound = chats.flatMap((chat) => (chat.ok ? [chat.conversation] : []));
        for (const adoption of await this.#library.adopt(sound)) tally[adoption] += 1;
        options.onProgress?.(readBytes, tally.added + tally.merged + tally.known);
      });
      return tally.report(broken);
    } finally {
      await this.#library.refresh().catch(() => {});
    }
  }

  async #readAll(
    file: Blob,
    { passphrase, signal }: ImportOptions,
    store: (chats: readonly ReadChat[], readBytes: number) => Promise<void>,
  ): Promise<BrokenAt | undefined> {
    const worker = openWorker();
    try {
      await worker.call('open', { file, passphrase }, { signal });
      while (true) {
        const batch = await worker.call('next', undefined, { signal });
        if (batch.chats === undefined) return batch.broken;
        await store(batch.chats, batch.readBytes);
      }
    } finally {
      worker.end();
    }
  }
}

async function encrypt(file: Blob, passphrase: string): Promise<Blob> {
  const worker = openWorker();
  try {
    return await worker.call('encrypt', { file, passphrase });
  } finally {
    worker.end();
  }
}

function openWorker(): WorkerClient<TransferMethods> {
  return new WorkerClient(workerUrl, 'alcove-import-export');
}

function jsonBlob(parts: readonly BlobPart[]): Blob {
  return new Blob([...parts], { type: 'application/json' });
}

class Tally {
  added = 0;
  merged = 0;
  known = 0;
  #source: ChatSource | undefined;
  #count = 0;
  #unread: UnreadChat[] = [];
  #unreadMessages = 0;
  #missingFiles = 0;

  count(chats: readonly ReadChat[]): void {
    for (const chat of chats) {
      this.#count += 1;
      if (chat.ok) {
        this.#source ??= chat.source;
        this.#unreadMessages += chat.unreadMessages;
        this.#missingFiles += chat.missingFiles;
      } else {
        this.#unread.push({ number: this.#count, title: chat.title, reason: chat.reason });
      }
    }
  }

  report(broken: BrokenAt | undefined): ImportReport {
    return {
      source: this.#source,
      added: this.added,
      merged: this.merged,
      known: this.known,
      unread: this.#unread,
      unreadMessages: this.#unreadMessages,
      missingFiles: this.#missingFiles,
      broken,
    };
  }
}
