import { serveCalls } from '../../../../platform/worker-rpc.ts';
import { encryptFile } from '../encrypted-file.ts';
import type { BrokenAt, ReadBatch, TransferMethods } from '../transfer-messages.ts';
import { readChatFile } from './read-file.ts';

/** Reads, decrypts and encrypts files of chats, so that a large one does not block the page. */
let batches: AsyncGenerator<ReadBatch, BrokenAt | undefined> | undefined;

serveCalls<TransferMethods>({
  open: ({ file, passphrase }) => {
    batches = readChatFile(file, passphrase);
  },
  next: async () => {
    const batch = await batches?.next();
    if (batch === undefined || batch.done) return { chats: undefined, broken: batch?.value };
    return batch.value;
  },
  encrypt: async ({ file, passphrase }) => new Response(await encryptFile(file, passphrase)).blob(),
});
