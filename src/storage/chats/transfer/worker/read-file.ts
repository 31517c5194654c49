import { ALCOVE_FORMAT, ALCOVE_FORMAT_VERSION } from '../../../../chat/formats/alcove-chats.ts';
import { type ReadProject, readProject } from '../../../../chat/formats/file-project.ts';
import { type JsonPiece, JsonSplitter, MOST_ELEMENT_LENGTH } from '../../../../chat/formats/json-splitter.ts';
import { type ReadChat, readChatText, type UnreadReason } from '../../../../chat/formats/read-chat.ts';
import { AlcoveError } from '../../../../platform/errors.ts';
import { zipEntries } from '../../../../platform/zip-entries.ts';
import { decryptFile, looksEncrypted } from '../encrypted-file.ts';
import type { BrokenAt, ReadBatch } from '../transfer-messages.ts';

/** Characters of chats after which they are handed over: enough to be quick, few enough to take little memory. */
const BATCH_LENGTH = 1_000_000;

/**
 * What archives have chats in: ChatGPT's and Claude's `conversations.json`, which ChatGPT splits if it is large; a file for
 * each chat in llama.cpp's; LM Studio's folder.
 */
const CHAT_FILE = /(?:^|\/)(?:conversations(?:-\d+)?\.json|[^/]*\.(?:jsonl|conversation\.json))$/;

/**
 * Reads a file of chats as it comes, plain, encrypted or in the archive of another program, in batches. Returns where it broke, if it did.
 * @throws AlcoveError `passphrase-needed`, `passphrase-wrong`, `import-unreadable`, `backup-damaged` (when nothing opened)
 */
export async function* readChatFile(
  file: Blob,
  passphrase: string | undefined,
  now = Date.now(),
): AsyncGenerator<ReadBatch, BrokenAt | undefined> {
  const start = new Uint8Array(await file.slice(0, 64).arrayBuffer());
  if (looksEncrypted(start)) {
    if (passphrase === undefined) throw new AlcoveError('passphrase-needed', 'the file is encrypted');
    return yield* readChats(decryptFile(file, passphrase), file.size, now);
  }
  const isArchive = start[0] === 0x50 && start[1] === 0x4b;
  if (!isArchive) return yield* readChats(chunksOf(file.stream()), file.size, now);
  const entries = (await zipEntries(file)).filter(({ name }) => CHAT_FILE.test(name));
  if (entries.length === 0) throw unreadable('zip');
  let broken: BrokenAt | undefined;
  for (const entry of entries) {
    // How much of an archive is read is not known: it is there, or not yet.
    broken = (yield* readChats(chunksOf(await entry.open()), file.size, now)) ?? broken;
  }
  return broken;
}

async function* readChats(
  chunks: AsyncIterable<Uint8Array>,
  sizeBytes: number,
  now: number,
): AsyncGenerator<ReadBatch, BrokenAt | undefined> {
  const reading = new ChatReading(now);
  const decoder = new TextDecoder();
  let readBytes = 0;
  let isDamaged = false;
  try {
    for await (const chunk of chunks) {
      readBytes = Math.min(sizeBytes, readBytes + chunk.length);
      reading.push(decoder.decode(chunk, { stream: true }));
      if (reading.waitingLength >= BATCH_LENGTH) yield { ...reading.take(), readBytes };
    }
    reading.push(decoder.decode());
  } catch (error) {
    // A TypeError is what a stream throws whose packed bytes are damaged.
    const isCut = error instanceof TypeError || (error instanceof AlcoveError && error.code === 'backup-damaged');
    if (!isCut || !reading.hasAny) throw error;
    isDamaged = true;
  }
  const broken = reading.end();
  yield { ...reading.take(), readBytes: sizeBytes };
  if (broken === undefined) return undefined;
  if (!reading.hasAny && broken.reason === 'not-json') throw unreadable('not-json');
  return isDamaged ? { ...broken, reason: 'damaged' } : broken;
}

/** Gathers the pieces of one file into chats. */
class ChatReading {
  readonly #splitter = new JsonSplitter(['chats', 'projects']);
  readonly #now: number;
  #members = new Map<string, string>();
  #hasElements = false;
  #session: SessionLines | undefined;
  #chats: ReadChat[] = [];
  #projects: ReadProject[] = [];
  #chatCount = 0;
  #hasUnknownLine = false;
  #broken: BrokenAt | undefined;
  /** Characters of the chats that wait to be taken. */
  waitingLength = 0;
  /** Whether any chat was found, sound or not, or a project. */
  hasAny = false;

  constructor(now: number) {
    this.#now = now;
  }

  push(text: string): void {
    for (const piece of this.#splitter.push(text)) this.#accept(piece);
  }

  /** Ends the file. Returns where it broke, if it did. */
  end(): BrokenAt | undefined {
    for (const piece of this.#splitter.end()) this.#accept(piece);
    this.#acceptObject();
    this.#acceptSession();
    return this.#broken;
  }

  take(): Pick<ReadBatch, 'chats' | 'projects'> {
    const taken = { chats: this.#chats, projects: this.#projects };
    this.#chats = [];
    this.#projects = [];
    this.waitingLength = 0;
    return taken;
  }

  #accept(piece: JsonPiece): void {
    switch (piece.type) {
      case 'element':
        if (piece.key === 'projects') {
          this.#addProject(piece.text);
          break;
        }
        this.#hasElements = true;
        this.#checkVersion();
        this.#add(readChatText(piece.text, newId, this.#now), piece.text.length);
        break;
      case 'member':
        this.#members.set(piece.key, piece.text);
        break;
      case 'closed':
        this.#acceptObject();
        break;
      case 'refused':
        this.#hasElements = true;
        this.#refuse(piece.reason);
        break;
      case 'broken':
        this.#broken = { index: this.#chatCount, reason: piece.reason };
        break;
    }
  }

  /** An outermost object: the frame of a list of chats, one chat, or a line of a session. */
  #acceptObject(): void {
    const members = this.#members;
    const isFrame = this.#hasElements || members.has('format');
    this.#members = new Map();
    this.#hasElements = false;
    if (isFrame || members.size === 0) return;
    const message = members.get('message');
    if (members.get('type') === '"session"') {
      this.#acceptSession();
      this.#session = { members, messages: [], length: 0 };
    } else if (this.#session !== undefined && members.get('type') === '"message"' && message !== undefined) {
      this.#session.length += message.length;
      if (this.#session.length <= MOST_ELEMENT_LENGTH) this.#session.messages.push(message);
    } else {
      const text = objectOf(members);
      const chats = readChatText(text, newId, this.#now);
      const isUnknown = chats.every((chat) => !chat.ok && chat.reason === 'not-a-chat');
      // Each line of a log of another program would be one that cannot be read.
      if (!(isUnknown && this.#hasUnknownLine)) this.#add(chats, text.length);
      this.#hasUnknownLine ||= isUnknown;
    }
  }

  /** The lines of a session are one chat. */
  #acceptSession(): void {
    const session = this.#session;
    this.#session = undefined;
    if (session === undefined) return;
    if (session.length > MOST_ELEMENT_LENGTH) {
      this.#refuse('too-large');
      return;
    }
    const text = objectOf(session.members.set('messages', `[${session.messages.join(',')}]`));
    this.#add(readChatText(text, newId, this.#now), text.length);
  }

  /** What other programs call projects is not read. */
  #addProject(text: string): void {
    if (!this.#isAlcove) return;
    this.#checkVersion();
    const read = readProject(text, newId, this.#now);
    if (read === undefined) return;
    this.hasAny = true;
    this.#projects.push(read);
    this.waitingLength += text.length;
  }

  #refuse(reason: UnreadReason): void {
    this.#add([{ ok: false, reason, title: '' }], 0);
  }

  #add(chats: readonly ReadChat[], length: number): void {
    this.hasAny ||= chats.length > 0;
    this.#chatCount += chats.length;
    this.#chats.push(...chats);
    this.waitingLength += length;
  }

  get #isAlcove(): boolean {
    return this.#members.get('format') === JSON.stringify(ALCOVE_FORMAT);
  }

  /** A version that is higher than ours may mean something else by the same names. */
  #checkVersion(): void {
    if (!this.#isAlcove) return;
    if (Number(this.#members.get('version') ?? 1) > ALCOVE_FORMAT_VERSION) throw unreadable('newer');
  }
}

/** A chat as llama.cpp's web UI writes it in JSON Lines: a line about the session, then one for each message. */
interface SessionLines {
  readonly members: Map<string, string>;
  readonly messages: string[];
  /** Characters of its messages. */
  length: number;
}

function objectOf(members: ReadonlyMap<string, string>): string {
  return `{${[...members].map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
}

function unreadable(reason: 'zip' | 'not-json' | 'newer'): AlcoveError {
  return new AlcoveError('import-unreadable', `no chats: ${reason}`, { data: { reason } });
}

function newId(): string {
  return crypto.randomUUID();
}

async function* chunksOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  for (let read = await reader.read(); read.value !== undefined; read = await reader.read()) yield read.value;
}
