import { html, type TemplateResult } from 'lit';

/** The secondary button beside a primary one: "Cancel", "Keep". Its styles are in base.styles.ts. */
export function quietButton(label: string, onClick: () => void): TemplateResult {
  return html`<button type="button" class="button quiet" @click=${onClick}>${label}</button>`;
}
