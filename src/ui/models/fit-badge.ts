import { css, html, nothing, type TemplateResult } from 'lit';
import type { FitLabel } from './fit-labels.ts';
import '../base/icon.ts';

export const fitBadgeStyles = css`
  .fit-badge {
    font-size: var(--_text-s);
    line-height: 1.5;
  }

  .fit-badge:not(details),
  .fit-badge > summary {
    display: flex;
    gap: 8px;
  }

  .fit-badge > summary {
    cursor: pointer;
  }

  .fit-badge > summary::after {
    content: '▾' / '';
    color: var(--_text-muted);
  }

  .fit-badge[open] > summary::after {
    content: '▴' / '';
  }

  /* Below the words, not below the icon. */
  .fit-badge > p {
    padding-inline-start: calc(8px + var(--_rem));
  }

  @media (pointer: coarse) {
    .fit-badge > summary {
      align-items: center;
      min-block-size: 44px;
    }
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

/**
 * One line: whether a model runs on this device, then why, in numbers.
 * @param inWords says the same without numbers, which a click then shows
 */
export function renderFitBadge({ title, reason, tone }: FitLabel, inWords?: string): TemplateResult {
  if (tone === 'none') return html`<p class="fit-badge muted">${title}</p>`;
  const icon = html`<alcove-icon name=${tone === 'good' ? 'circle-check' : 'alert'}></alcove-icon>`;
  if (inWords !== undefined) {
    return html`<details class="fit-badge ${tone}">
      <summary>${icon}<span>${title} <span class="muted">· ${inWords}</span></span></summary>
      <p class="muted">${reason}</p>
    </details>`;
  }
  return html`<p class="fit-badge ${tone}">
    ${icon}
    <span>${title}${reason === '' ? nothing : html` <span class="muted">· ${reason}</span>`}</span>
  </p>`;
}
