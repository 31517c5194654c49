import type { Conversation } from '../../chat/conversation.ts';
import { visibleMessages } from '../../chat/deletion.ts';
import { type FileEntry, fileFrame, toFileChat, toFileProject } from '../../chat/formats/alcove-chats.ts';
import type { ChatSource } from '../../chat/formats/draft-chat.ts';
import type { FileBytes } from '../../chat/formats/file-bytes.ts';
import type { ReadProject } from '../../chat/formats/file-project.ts';
import type { ReadChat, UnreadReason } from '../../chat/formats/read-chat.ts';
import { hashesOf } from '../../chat/message-parts.ts';
import { toBase64 } from '../../platform/data-url.ts';
import { AlcoveError } from '../../platform/errors.ts';
import { WorkerClient } from '../../platform/worker-rpc.ts';
import type { BrokenAt, ReadBatch, TransferMethods } from '../../storage/chats/transfer/transfer-messages.ts';
import workerScript from '../../storage/chats/transfer/worker/transfer-worker.ts?worker-file';
import type { Attachments } from './attachments.ts';
import type { Adoption, ChatRepository } from './chat-repository.ts';
import type { Projects } from './projects.ts';

/**
 * Characters of one part of an exported file. The browser may keep a Blob on the disk, so parts need less memory than all
 * chats in one string. Thousands of small parts would block the page when the Blob is made.
 */
const PART_LENGTH = 1_000_000;

/** Bytes of the attachments of one chat or project in a file: in base64, about two thirds of what a chat may have when it is read. */
const MOST_FILE_BYTES = 32_000_000;

export interface ImportReport {
  /** The program that wrote the file; undefined if the file does not name it. */
  readonly source: ChatSource | undefined;
  readonly added: number;
  /** Stored chats that got something from the file: messages, longer ones, a title, tags. */
  readonly merged: number;
  /** Projects that are new or have something new. */
  readonly projects: number;
  /** Messages that came into the merged chats, and those that are longer or finished now. */
  readonly newMessages: number;
  readonly changedMessages: number;
  /** Stored chats that already had everything of the file. */
  readonly known: number;
  readonly unread: readonly UnreadChat[];
  /** Messages of the chats above that could not be read. */
  readonly unreadMessages: number;
  /** Images and other files that the chats refer to and the file does not contain. */
  readonly missingFiles: number;
  /** Where the file is cut off or stops being JSON; nothing after that was read. */
  readonly broken: BrokenAt | undefined;
}

export interface UnreadChat {
  /** Its position in the file, from 1. */
  readonly number: number;
  readonly title: string;
  readonly reason: UnreadReason;
}

export interface ExportReport {
  readonly file: Blob;
  readonly chatCount: number;
  /** Titles of chats that are missing in the file because their records cannot be read. */
  readonly unread: readonly string[];
}

export interface ImportOptions {
  readonly passphrase?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with the bytes of the file that were read and the number of chats that were stored. */
  readonly onProgress?: (readBytes: number, chatCount: number) => void;
}

/** Exports and imports chats. A worker reads and encrypts the files; each batch of chats is stored as it arrives. */
export class ChatTransfer {
  readonly #repository: ChatRepository;
  readonly #projects: Pick<Projects, 'read' | 'adopt'>;
  readonly #chatIds: () => readonly (readonly [id: string, title: string])[];

  constructor(
    repository: ChatRepository,
    chatIds: () => readonly (readonly [id: string, title: string])[],
    projects: Pick<Projects, 'read' | 'adopt'>,
  ) {
    this.#repository = repository;
    this.#projects = projects;
    this.#chatIds = chatIds;
  }

  /** Makes a file of one chat in Alcove's format. @throws AlcoveError `record-broken` */
  async exportChat(id: string): Promise<Blob> {
    const chat = await this.#repository.read(id);
    if (chat === undefined) throw new AlcoveError('record-broken', `no chat ${id}`, { data: { id } });
    const { before, between, after } = fileFrame(Date.now());
    return jsonBlob([before, between, await this.#chatText(chat, new Set()), after]);
  }

  /** Makes a file of all chats and projects; a passphrase encrypts it in the age format. @throws AlcoveError of the store */
  async exportAll(passphrase?: string): Promise<ExportReport> {
    await Promise.all([this.#repository.save(), this.#repository.listed]);
    const { before, between, after } = fileFrame(Date.now());
    const parts: Blob[] = [new Blob([before])];
    const written = new Set<string>();
    for (const project of await this.#projects.read()) {
      const entries = await this.#entriesOf(
        project.files.map(({ sha256 }) => sha256),
        written,
      );
      const separator = parts.length === 1 ? '' : ',\n';
      parts.push(new Blob([separator + JSON.stringify(toFileProject(project, entries))]));
    }
    const unread: string[] = [];
    let chatCount = 0;
    let text = between;
    for (const [id, title] of this.#chatIds()) {
      const chat = await this.#repository.read(id).catch(() => undefined);
      if (chat === undefined) {
        unread.push(title);
        continue;
      }
      text += (chatCount === 0 ? '' : ',\n') + (await this.#chatText(chat, written));
      chatCount += 1;
      if (text.length < PART_LENGTH) continue;
      parts.push(new Blob([text]));
      text = '';
    }
    const plain = jsonBlob([...parts, text, after]);
    return { file: passphrase === undefined ? plain : await encrypt(plain, passphrase), chatCount, unread };
  }

  /**
   * Imports the chats of a file, and merges those that are already stored. If the file is cut off or the import is
   * cancelled, the chats before that point stay stored.
   * @throws AlcoveError `passphrase-needed`, `passphrase-wrong`, `import-unreadable`, `backup-damaged`, or of
   *   the store; AbortError after a cancel
   */
  async import(file: Blob, options: ImportOptions = {}): Promise<ImportReport> {
    const tally = new Tally();
    try {
      const broken = await this.#readAll(file, options, async ({ chats, projects, readBytes }) => {
        tally.count(chats);
        tally.projects += await this.#adoptProjects(projects);
        const sound = chats.filter((chat) => chat.ok);
        const added = await this.#addFiles(sound.flatMap(({ files }) => files));
        const adoptions = await this.#repository.adopt(sound.map(({ conversation }) => conversation));
        for (const adoption of adoptions) tally.adopt(adoption);
        if (added.length > 0) await (await this.#openFiles()).release(added);
        options.onProgress?.(readBytes, tally.added + tally.merged + tally.known);
      });
      const files = await this.#openFiles();
      const stored = await Promise.all(tally.hashes.map((sha256) => files.read(sha256)));
      return tally.report(broken, stored.filter((bytes) => bytes === undefined).length);
    } finally {
      await this.#repository.refresh().catch(() => {});
    }
  }

  async #openFiles(): Promise<Attachments> {
    return (await this.#repository.openPurge()).attachments;
  }

  /** A chat in a file, with the bytes of its attachments. @param written hashes of those that the file has already */
  async #chatText(chat: Conversation, written: Set<string>): Promise<string> {
    const hashes = new Set(visibleMessages(chat).flatMap(hashesOf));
    return JSON.stringify(toFileChat(chat, await this.#entriesOf(hashes, written)));
  }

  async #entriesOf(hashes: Iterable<string>, written: Set<string>): Promise<readonly FileEntry[]> {
    const entries: FileEntry[] = [];
    let length = 0;
    for (const sha256 of hashes) {
      if (written.has(sha256)) continue;
      const bytes = await (await this.#openFiles()).read(sha256);
      if (bytes === undefined || length + bytes.size > MOST_FILE_BYTES) continue;
      length += bytes.size;
      written.add(sha256);
      entries.push({ sha256, base64: await toBase64(bytes) });
    }
    return entries;
  }

  async #adoptProjects(read: readonly ReadProject[]): Promise<number> {
    if (read.length === 0) return 0;
    const added = await this.#addFiles(read.flatMap(({ bytes }) => bytes));
    const adopted = await this.#projects.adopt(read.map(({ project }) => project));
    await (await this.#openFiles()).release(added);
    return adopted;
  }

  /** Stores the bytes of attachments, without those that are not what the file claims. Resolves with their hashes. */
  async #addFiles(files: readonly FileBytes[]): Promise<readonly string[]> {
    const attachments = await this.#openFiles();
    return Promise.all(files.map(({ bytes }) => attachments.add(bytes)));
  }

  async #readAll(
    file: Blob,
    { passphrase, signal }: ImportOptions,
    store: (batch: ReadBatch) => Promise<void>,
  ): Promise<BrokenAt | undefined> {
    const worker = openWorker();
    try {
      await worker.call('open', { file, passphrase }, { signal });
      while (true) {
        const batch = await worker.call('next', undefined, { signal });
        if (batch.chats === undefined) return batch.broken;
        await store(batch);
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
  return new WorkerClient(workerScript, 'alcove-import-export');
}

function jsonBlob(parts: readonly BlobPart[]): Blob {
  return new Blob([...parts], { type: 'application/json' });
}

class Tally {
  projects = 0;
  added = 0;
  merged = 0;
  known = 0;
  #newMessages = 0;
  #changedMessages = 0;
  #source: ChatSource | undefined;
  #count = 0;
  #unread: UnreadChat[] = [];
  #unreadMessages = 0;
  #missingFiles = 0;
  readonly #hashes = new Set<string>();

  /** Of the files that the chats refer to. */
  get hashes(): readonly string[] {
    return [...this.#hashes];
  }

  count(chats: readonly ReadChat[]): void {
    for (const chat of chats) {
      this.#count += 1;
      if (chat.ok) {
        this.#source ??= chat.source;
        this.#unreadMessages += chat.unreadMessages;
        this.#missingFiles += chat.missingFiles;
        for (const message of chat.conversation.messages.values()) {
          for (const sha256 of hashesOf(message)) this.#hashes.add(sha256);
        }
      } else {
        this.#unread.push({ number: this.#count, title: chat.title, reason: chat.reason });
      }
    }
  }

  adopt(adoption: Adoption): void {
    this[adoption.result] += 1;
    if (adoption.result !== 'merged') return;
    this.#newMessages += adoption.newMessages;
    this.#changedMessages += adoption.changedMessages;
  }

  /** @param notStored files that the chats refer to and nobody has the bytes of */
  report(broken: BrokenAt | undefined, notStored: number): ImportReport {
    return {
      source: this.#source,
      added: this.added,
      merged: this.merged,
      newMessages: this.#newMessages,
      changedMessages: this.#changedMessages,
      known: this.known,
      projects: this.projects,
      unread: this.#unread,
      unreadMessages: this.#unreadMessages,
      missingFiles: this.#missingFiles + notStored,
      broken,
    };
  }
}
