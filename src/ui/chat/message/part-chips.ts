import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import audio from 'lucide-static/icons/file-audio.svg?raw';
import unknown from 'lucide-static/icons/file-question.svg?raw';
import document from 'lucide-static/icons/file-text.svg?raw';
import image from 'lucide-static/icons/image.svg?raw';
import type { OtherPart } from '../../../chat/message-parts.ts';
import { addIcons } from '../../base/icon.ts';
import { partLabel } from '../../lib/part-label.ts';

addIcons({
  'part-audio': audio,
  'part-document': document,
  'part-image': image,
  'part-unknown': unknown,
});

/** Parts of a message that are neither text nor reasoning, as a list of chips. */
export function renderPartChips(parts: readonly OtherPart[]): TemplateResult | typeof nothing {
  if (parts.length === 0) return nothing;
  return html`<ul class="parts" aria-label=${msg('Attachments')}>
    ${parts.map((part) => html`<li><alcove-icon name=${iconOf(part)}></alcove-icon><bdi>${partLabel(part)}</bdi></li>`)}
  </ul>`;
}

function iconOf(part: OtherPart): string {
  switch (part.type) {
    case 'image':
    case 'document':
    case 'audio':
      return `part-${part.type}`;
    case 'tool-call':
    case 'tool-result':
      return 'tool';
    default:
      return 'part-unknown';
  }
}
