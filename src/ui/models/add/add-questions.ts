import { msg, str } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import type { ModelArchive } from '../../../storage/weights/model-archive.ts';
import { formatBytes } from '../../lib/format.ts';

export function renderHostQuestion(origin: string, onAllow: () => void, onBack: () => void): TemplateResult {
  const { host } = new URL(origin);
  return html`<section>
    <h2>${msg(str`This page has not connected to ${host} yet`)}</h2>
    <p class="small">
      ${msg('The browser blocks every host that you have not allowed. If you allow it, the page reloads and continues here; chats are kept. An address that redirects to another host needs that one, too.')}
    </p>
    ${choice(msg(str`Allow ${host}`), onAllow, msg('Back'), onBack)}
  </section>`;
}

export function renderArchiveQuestion(
  { plan: { record, files } }: ModelArchive,
  onImport: () => void,
  onBack: () => void,
): TemplateResult {
  const sizeBytes = files.reduce((sum, file) => sum + (file.sizeBytes ?? 0), 0);
  return html`<section>
    <h2>${record.name}</h2>
    <p class="small">
      ${msg(str`${record.maker}, ${record.quantization}, ${formatBytes(sizeBytes)}. Each file is checked against its hash while it is stored. The hashes come from the archive: they reveal damage, not who made it.`)}
    </p>
    ${choice(msg('Import'), onImport, msg('Cancel'), onBack)}
  </section>`;
}

function choice(yes: string, onYes: () => void, no: string, onNo: () => void): TemplateResult {
  return html`<div class="row">
    <button type="button" class="button primary" @click=${onYes}>${yes}</button>
    <button type="button" class="button quiet" @click=${onNo}>${no}</button>
  </div>`;
}
