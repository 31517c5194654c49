import { html, type TemplateResult } from 'lit';

/** A button with a label. Its styles are in base.styles.ts. */
export function textButton(label: string, onClick: () => unknown, kind: '' | 'primary' | 'quiet' = ''): TemplateResult {
  return html`<button type="button" class="button ${kind}" @click=${onClick}>${label}</button>`;
}

/** The secondary button beside a primary one: "Cancel", "Dismiss". */
export function quietButton(label: string, onClick: () => unknown): TemplateResult {
  return textButton(label, onClick, 'quiet');
}
