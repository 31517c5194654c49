import { css, html, nothing, type TemplateResult } from 'lit';
import type { FitLabel } from './fit-labels.ts';
import '../base/icon.ts';

export const fitBadgeStyles = css`
  .fit-badge {
    display: flex;
    gap: 8px;
    font-size: var(--_text-s);
    line-height: 1.5;
  }

  .fit-badge alcove-icon {
    flex: none;
    margin-block-start: 2px;
    color: var(--_success);
    font-size: var(--_rem);
  }

  .fit-badge:is(.fair, .bad) alcove-icon {
    color: var(--_warning);
  }
`;

/** One line: whether a model runs on this device, then why, in numbers. */
export function renderFitBadge({ title, reason, tone }: FitLabel): TemplateResult {
  if (tone === 'none') return html`<p class="fit-badge muted">${title}</p>`;
  return html`<p class="fit-badge ${tone}">
    <alcove-icon name=${tone === 'good' ? 'circle-check' : 'alert'}></alcove-icon>
    <span>${title}${reason === '' ? nothing : html` <span class="muted">· ${reason}</span>`}</span>
  </p>`;
}
