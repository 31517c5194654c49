import { msg, str } from '@lit/localize';
import type { OtherPart } from '../../chat/message-parts.ts';
import { formatBytes } from './format.ts';

/** Names a part that is neither text nor reasoning: its kind, and the name and size of its file. */
export function partLabel(part: OtherPart): string {
  switch (part.type) {
    case 'image':
      return msg(str`Image: ${part.name}, ${formatBytes(part.sizeBytes)}`);
    case 'document':
      return msg(str`Document: ${part.name}, ${formatBytes(part.sizeBytes)}`);
    case 'audio':
      return msg(str`Audio: ${part.name}, ${formatBytes(part.sizeBytes)}`);
    case 'tool-call':
      return msg(str`Tool call: ${part.name}`);
    case 'tool-result':
      return msg('Tool result');
    default:
      return msg('Unknown part: a newer version of Alcove made it');
  }
}
