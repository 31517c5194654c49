import type { Conversation } from '../chat/conversation.ts';
import type { DocumentPart, MessagePart } from '../chat/message-parts.ts';
import { activePath } from '../chat/tree.ts';
import { toHex } from '../platform/hex.ts';
import { type PageText, readPageText } from './page-text.ts';

/** Characters for each token of the context window: half of the window, at about four characters a token. */
const CHARACTERS_PER_TOKEN = 2;

export interface ContextSource extends PageText {
  /** Name of the text, for the user and the model. */
  readonly name: string;
}

/**
 * Reads the page's text for a message, as a part that the user sees on the message. Text that the chat has already, in its
 * newest document of that name, is not sent again.
 * @param contextWindow of the model, tokens; the text is cut so that it takes half of it
 */
export async function pageContext(
  source: ContextSource,
  chat: Conversation | undefined,
  contextWindow: number,
): Promise<readonly MessagePart[]> {
  const text = cut(readPageText(source), contextWindow * CHARACTERS_PER_TOKEN);
  if (text === '') return [];
  const bytes = new TextEncoder().encode(text);
  const { name } = source;
  const part: DocumentPart = {
    type: 'document',
    name,
    mediaType: 'text/plain',
    sizeBytes: bytes.byteLength,
    sha256: await sha256(bytes),
    text,
  };
  const parts = chat === undefined ? [] : activePath(chat).flatMap((message) => message.parts);
  const newest = parts.findLast(
    (earlier): earlier is DocumentPart => earlier.type === 'document' && earlier.name === name,
  );
  return newest?.sha256 === part.sha256 ? [] : [part];
}

function cut(text: string, characters: number): string {
  if (text.length <= characters) return text;
  return `${text.slice(0, characters).replace(/\s+\S*$/u, '')} …`.toWellFormed();
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  // A page without HTTPS has no crypto.subtle.
  const { subtle } = crypto as { readonly subtle?: SubtleCrypto };
  if (subtle === undefined) return (await import('hash-wasm')).sha256(bytes);
  const hash = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return toHex(hash);
}
