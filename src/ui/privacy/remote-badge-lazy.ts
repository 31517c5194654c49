import { html, nothing, type TemplateResult } from 'lit';
import { isThisComputer, serverHost } from '../../models/catalogue/server-host.ts';
import { lazyElement } from '../base/lazy-element.ts';

/** The badge for a model on a custom server; nothing for a model that runs on this device. */
export function remoteBadge(modelId: string | undefined, placement: string): TemplateResult | typeof nothing {
  const host = serverHost(modelId);
  // The header says where it runs; what stays on this computer needs no warning above the composer.
  if (host === undefined || (placement === 'composer' && isThisComputer(host))) return nothing;
  return html`<alcove-remote-badge
    ${lazyElement(() => import('./remote-badge.ts'))}
    host=${host}
    placement=${placement}
    >${host}</alcove-remote-badge
  >`;
}
