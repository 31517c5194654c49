import { html, nothing, type TemplateResult } from 'lit';
import './icon.ts';

interface IconButtonOptions {
  /** Classes besides `icon-button`. */
  readonly classes?: string;
  /** Its part, for the styles of a host page. */
  readonly part?: string;
  /** Shown on hover. Default: the label. */
  readonly title?: string;
  /** The button is dimmed and keeps the focus. Its handler is still called. */
  readonly isDisabled?: boolean;
  /** Whether what the button opens is open. */
  readonly isExpanded?: boolean;
}

/** A button that is only an icon. Its styles are in base.styles.ts. @param label its name for screen readers */
export function iconButton(
  icon: string,
  label: string,
  onClick: (event: Event) => unknown,
  { classes = '', part, title = label, isDisabled, isExpanded }: IconButtonOptions = {},
): TemplateResult {
  return html`<button
    type="button"
    class="icon-button ${classes}"
    part=${part ?? nothing}
    aria-label=${label}
    title=${title}
    aria-disabled=${isDisabled ?? nothing}
    aria-expanded=${isExpanded ?? nothing}
    @click=${onClick}
  >
    <alcove-icon name=${icon}></alcove-icon>
  </button>`;
}
