/** The bytes of attachments in a file of chats, which anyone may have made. */
import { fromBase64 } from '../../platform/data-url.ts';
import { arrayField, type Fields, textField } from '../../platform/untrusted-json.ts';

export interface FileBytes {
  /** As the file claims. To be checked before the bytes are stored. */
  readonly sha256: string;
  readonly bytes: Blob;
}

/** The `files` of a chat, without those that are not sound. */
export function readFileBytes(chat: Fields): FileBytes[] {
  return (arrayField(chat, 'files') ?? []).flatMap((file) => {
    const sha256 = textField(file, 'sha256');
    const bytes = decoded(textField(file, 'base64') ?? '');
    return sha256 === undefined || bytes === undefined ? [] : { sha256, bytes };
  });
}

function decoded(base64: string): Blob | undefined {
  if (base64 === '') return undefined;
  try {
    return new Blob([fromBase64(base64)]);
  } catch {
    return undefined;
  }
}
