import { html, nothing, type TemplateResult } from 'lit';
import { serverHost } from '../../models/catalogue/server-host.ts';
import { lazyElement } from '../base/lazy-element.ts';

/** The badge for a model on a custom server; nothing for a model that runs on this device. */
export function remoteBadge(modelId: string | undefined, placement: string): TemplateResult | typeof nothing {
  const host = serverHost(modelId);
  if (host === undefined) return nothing;
  return html`<alcove-remote-badge
    ${lazyElement(() => import('./remote-badge.ts'))}
    host=${host}
    placement=${placement}
    >${host}</alcove-remote-badge
  >`;
}
