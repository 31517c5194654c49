import { toWireError } from '../../../../platform/errors.ts';
import { sealing } from '../sealed-file.ts';
import type { TransferCommand, TransferReply } from '../transfer-messages.ts';
import { readChatFile } from './read-file.ts';

/** Reads, opens and seals files of chats, so that a large one does not hold the page up. */
let goOn: (() => void) | undefined;

addEventListener('message', ({ data }: MessageEvent<TransferCommand>) => {
  if (data.type === 'more') goOn?.();
  else void run(data).catch((error) => reply({ type: 'failed', error: toWireError(error) }));
});

async function run(command: TransferCommand & { type: 'read' | 'seal' }): Promise<void> {
  if (command.type === 'seal') {
    const sealed = command.file.stream().pipeThrough(await sealing(command.passphrase));
    return reply({ type: 'sealed', file: await new Response(sealed).blob() });
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
