import { css, html, nothing, type TemplateResult } from 'lit';
import type { FitLabel } from './fit-labels.ts';
import '../base/icon.ts';

/** The looks of `renderVerdict`. */
export const fitBadgeStyles = css`
  .verdict {
    display: flex;
    gap: 8px;
    font-size: var(--_text-s);
    line-height: 1.5;
  }

  .verdict alcove-icon {
    flex: none;
    margin-block-start: 2px;
    color: var(--_success);
    font-size: 1rem;
  }

  .verdict:is(.fair, .bad) alcove-icon {
    color: var(--_warning);
  }
`;

/** One line: whether a model runs here, then why, in numbers. */
export function renderFitBadge({ title, reason, tone }: FitLabel): TemplateResult {
  if (tone === 'none') return html`<p class="verdict muted">${title}</p>`;
  return html`<p class="verdict ${tone}">
    <alcove-icon name=${tone === 'good' ? 'circle-check' : 'alert'}></alcove-icon>
    <span>${title}${reason === '' ? nothing : html` <span class="muted">· ${reason}</span>`}</span>
  </p>`;
}
