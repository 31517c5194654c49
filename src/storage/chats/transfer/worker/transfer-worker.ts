import { toWireError } from '../../../../platform/errors.ts';
import { encryptFile } from '../encrypted-file.ts';
import type { TransferCommand, TransferReply } from '../transfer-messages.ts';
import { readChatFile } from './read-file.ts';

/** Reads, decrypts and encrypts files of chats, so that a large one does not block the page. */
let goOn: (() => void) | undefined;

addEventListener('message', ({ data }: MessageEvent<TransferCommand>) => {
  if (data.type === 'more') goOn?.();
  else void run(data).catch((error) => reply({ type: 'failed', error: toWireError(error) }));
});

async function run(command: TransferCommand & { type: 'read' | 'encrypt' }): Promise<void> {
  if (command.type === 'encrypt') {
    const encrypted = await encryptFile(command.file, command.passphrase);
    return reply({ type: 'encrypted', file: await new Response(encrypted).blob() });
  }
  const batches = readChatFile(command.file, command.passphrase);
  for (let next = await batches.next(); ; next = await batches.next()) {
    if (next.done) return reply({ type: 'read', broken: next.value });
    const more = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    reply({ type: 'chats', ...next.value });
    await more;
  }
}

function reply(message: TransferReply): void {
  postMessage(message);
}
