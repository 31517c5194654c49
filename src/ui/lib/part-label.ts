import { msg, str } from '@lit/localize';
import type { FilePart, OtherPart } from '../../chat/message-parts.ts';
import { formatBytes } from './format.ts';
import { plural } from './plural.ts';

/** Names a part that is neither text nor reasoning: its kind, and the name and size of its file. */
export function partLabel(part: OtherPart): string {
  switch (part.type) {
    case 'image':
      return isHere(part)
        ? msg(str`Image: ${part.name}, ${formatBytes(part.sizeBytes)}`)
        : msg(str`Image, not imported: ${part.name}`);
    case 'document':
      return isHere(part)
        ? msg(str`Document: ${part.name}, ${formatBytes(part.sizeBytes)}`)
        : msg(str`Document, not imported: ${part.name}`);
    case 'audio':
      return isHere(part)
        ? msg(str`Audio: ${part.name}, ${formatBytes(part.sizeBytes)}`)
        : msg(str`Audio, not imported: ${part.name}`);
    case 'tool-call':
      return msg(str`Tool call: ${part.name}`);
    case 'tool-result':
      return msg('Tool result');
    default:
      return msg('Unknown part: a newer version of Alcove made it');
  }
}

/** Says that an export has only the beginning of a text. */
export function omittedLabel(characters: number): string {
  return plural(
    characters,
    msg('one: # more character is left out here. | other: # more characters are left out here.'),
  );
}

/** False for a file that an imported chat names, and whose bytes were not imported. */
function isHere<Part extends FilePart>(part: Part): part is Part & { readonly sizeBytes: number } {
  return part.sha256 !== undefined && part.sizeBytes !== undefined;
}
