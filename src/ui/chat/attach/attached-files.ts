import { plainFileName } from '../../../chat/file-name.ts';
import { type FilePart, hashesOf, type OtherPart } from '../../../chat/message-parts.ts';
import { tooLarge, withDocumentErrors } from '../../../documents/document-error.ts';
import { DOCUMENT_LIMITS } from '../../../documents/document-text.ts';
import { isAbortError, toAlcoveError } from '../../../platform/errors.ts';
import type { SessionLike } from '../../contract/session-like.ts';
import { type AttachedFile, extentOf } from './attached-file.ts';

/** Files that can be attached to one message. */
export const MOST_FILES = 20;

/**
 * The files in the composer of one chat: stores their bytes, reads their text, and says how far that is, also while another
 * chat is shown.
 */
export class AttachedFiles {
  readonly #session: SessionLike;
  readonly #stops = new Map<string, AbortController>();
  #files: readonly AttachedFile[] = [];
  /** Files that were sent, or whose chat was left, by their SHA-256: they need not be read again when they come back. */
  readonly #gone = new Map<string, AttachedFile>();
  /** One file after another is hashed, since that takes its size in memory. */
  #storing: Promise<unknown> = Promise.resolve();

  /** Called after each change. @param hasNewParts the parts of the message have changed here, and not in the composer */
  onChange: (hasNewParts: boolean) => void = () => {};

  constructor(session: SessionLike) {
    this.#session = session;
  }

  get files(): readonly AttachedFile[] {
    return this.#files;
  }

  /** What a message has of them. */
  get parts(): readonly FilePart[] {
    return this.#files.flatMap(({ part }) => part ?? []);
  }

  get isReading(): boolean {
    return this.#files.some(({ state }) => state.status === 'reading');
  }

  get hasFailed(): boolean {
    return this.#files.some(isFailed);
  }

  /** @returns how many are left out, since a message has no room for them */
  add(files: readonly File[], namePasted: (file: File) => string): number {
    const taken = files.slice(0, Math.max(0, MOST_FILES - this.#files.length));
    for (const file of taken) this.#add(file, plainFileName(file.name) || namePasted(file));
    return files.length - taken.length;
  }

  /** Stops reading a file, and forgets it. */
  remove(id: string): void {
    this.#stop(id);
    this.#set(this.#files.filter((file) => file.id !== id));
  }

  /** Forgets the files that could not be read: they are not part of the message. */
  dropFailed(): void {
    this.#set(this.#files.filter((file) => !isFailed(file)));
  }

  /** Follows the composer: its message was sent or has come back, or its draft was read. */
  follow(parts: readonly OtherPart[]): void {
    const hashes = new Set(hashesOf({ parts }));
    const known = new Set(hashesOf(this));
    for (const file of this.#files) {
      const sha256 = file.part?.sha256;
      if (sha256 === undefined || hashes.has(sha256)) continue;
      this.#stop(file.id);
      if (file.state.status === 'ready') this.#gone.set(sha256, file);
    }
    const stays = ({ part }: AttachedFile): boolean => part?.sha256 === undefined || hashes.has(part.sha256);
    const come = parts.filter(isFilePart).filter(({ sha256 = '' }) => !known.has(sha256));
    if (come.length === 0 && this.#files.every(stays)) return;
    const back = come.map((part): AttachedFile => this.#gone.get(part.sha256 ?? '') ?? newFile(part, part));
    this.#set([...back, ...this.#files.filter(stays)], false);
    for (const { id, part, state } of back) if (part !== undefined && state.status === 'reading') this.#open(id, part);
  }

  #add(file: File, name: string): void {
    const type = file.type.startsWith('image/') ? 'image' : 'document';
    const added = newFile({ type, name, sizeBytes: file.size });
    const { id } = added;
    this.#set([...this.#files, added]);
    this.#work(id, async (signal) => {
      const bytes = type === 'image' ? await smallPicture(file, signal) : file;
      const mediaType = bytes.type || 'application/octet-stream';
      const part = await this.#store(id, bytes, { type, name, mediaType });
      if (part !== undefined) await this.#read(id, part, bytes, signal);
    });
  }

  /** Reads a file of the draft, or of a message that came back. */
  #open(id: string, part: FilePart): void {
    this.#work(id, async (signal) => {
      const bytes = await this.#session.chats.files.read(part.sha256 ?? '');
      if (bytes === undefined) this.#change(id, { state: { status: 'missing' } });
      else await this.#read(id, part, bytes, signal);
    });
  }

  /** @returns undefined if the same bytes are attached already, or the user has removed the file */
  async #store(
    id: string,
    bytes: Blob,
    fields: Pick<FilePart, 'type' | 'name' | 'mediaType'>,
  ): Promise<FilePart | undefined> {
    if (bytes.size > DOCUMENT_LIMITS.bytes) throw tooLarge('bytes');
    const { files } = this.#session.chats;
    const isHere = (): boolean => this.#files.some((file) => file.id === id);
    const storing = this.#storing.then(() =>
      isHere() ? withDocumentErrors(undefined, () => files.add(bytes)) : undefined,
    );
    this.#storing = storing.catch(() => {});
    const sha256 = await storing;
    if (sha256 === undefined) return undefined;
    if (hashesOf(this).includes(sha256)) this.remove(id);
    else if (!isHere()) void files.release([sha256]);
    else {
      const part: FilePart = { ...fields, sizeBytes: bytes.size, sha256 };
      this.#change(id, { part, sizeBytes: bytes.size });
      return part;
    }
    return undefined;
  }

  async #read(id: string, { type, name, sha256 = '' }: FilePart, bytes: Blob, signal: AbortSignal): Promise<void> {
    if (type === 'image') return this.#change(id, { picture: bytes, state: { status: 'ready', extent: undefined } });
    const onProgress = (fraction: number): void => this.#change(id, { state: { status: 'reading', fraction } });
    const text = await this.#session.chats.documents.open(sha256, bytes, name, { signal, onProgress });
    this.#change(id, { state: { status: 'ready', extent: extentOf(text) } });
  }

  #work(id: string, work: (signal: AbortSignal) => Promise<void>): void {
    const stop = new AbortController();
    this.#stops.set(id, stop);
    work(stop.signal)
      .catch((error: unknown) => {
        if (isAbortError(error) || stop.signal.aborted) return;
        const hashes = hashesOf({ parts: this.parts });
        this.#change(id, { state: { status: 'failed', error: toAlcoveError(error) }, part: undefined });
        const left = hashesOf({ parts: this.parts });
        void this.#session.chats.files.release(hashes.filter((hash) => !left.includes(hash)));
      })
      .finally(() => this.#stops.delete(id));
  }

  #stop(id: string): void {
    this.#stops.get(id)?.abort();
    this.#stops.delete(id);
  }

  #change(id: string, change: Partial<AttachedFile>): void {
    this.#set(this.#files.map((file) => (file.id === id ? { ...file, ...change } : file)));
  }

  #set(files: readonly AttachedFile[], isOwn = true): void {
    const before = hashesOf(this).join();
    this.#files = files;
    this.onChange(isOwn && hashesOf(this).join() !== before);
  }
}

function newFile(
  { type, name, sizeBytes }: Pick<FilePart, 'type' | 'name' | 'sizeBytes'>,
  part?: FilePart,
): AttachedFile {
  const state = { status: 'reading', fraction: undefined } as const;
  return { id: crypto.randomUUID(), type, name, sizeBytes, part, picture: undefined, state };
}

async function smallPicture(file: File, signal: AbortSignal): Promise<Blob> {
  const { preparePicture } = await import('../../../documents/pictures/prepare-picture.ts');
  return (await preparePicture(file, { signal })).picture;
}

function isFailed({ state }: AttachedFile): boolean {
  return state.status === 'failed' || state.status === 'missing';
}

function isFilePart(part: OtherPart): part is FilePart {
  return 'sha256' in part && part.sha256 !== undefined;
}

const known = new WeakMap<SessionLike, Map<string, AttachedFiles>>();

/** The files in the composer of a chat. @param chatId undefined for a new chat */
export function filesOf(session: SessionLike, chatId: string | undefined): AttachedFiles {
  const chats = known.get(session) ?? new Map<string, AttachedFiles>();
  known.set(session, chats);
  const files = chats.get(chatId ?? '') ?? new AttachedFiles(session);
  chats.set(chatId ?? '', files);
  return files;
}
