import { html, type TemplateResult } from 'lit';

/** What stands beside the button that goes on, and leads back: "Cancel", "Keep". In the styles of base.styles.ts. */
export function quietButton(label: string, onClick: () => void): TemplateResult {
  return html`<button type="button" class="button quiet" @click=${onClick}>${label}</button>`;
}
