import { css, html, LitElement, type TemplateResult, unsafeCSS } from 'lit';
import { customElement } from '../../ui/lib/custom-element.ts';
import { CSS_PROPERTIES, LOOKS, type Looks, readLooks } from './hub-looks.ts';

/** The element's scheme, as a colour. */
const DARK = 'rgb(1, 1, 1)';

/** A rule for each property: it gives the piece of its number the value. */
const PIECES = [...LOOKS].map(
  ([name, kind], index) => `i:nth-of-type(${index + 1}) { ${CSS_PROPERTIES[kind]}: var(${name}); }`,
);

/**
 * @summary Reads how the page has made the element look: an invisible piece for each custom property, which the browser gives
 *   the value that it computes. A change of any is a transition, also one by a media query or a style sheet far away.
 * @event change
 */
@customElement('alcove-looks-probe')
export class LooksProbe extends LitElement {
  static override readonly styles = css`
    :host {
      position: absolute;
      inline-size: 0;
      block-size: 0;
      overflow: clip;
      visibility: hidden;
    }

    i {
      transition-duration: 1ms;
      transition-property: color, left, font-family;
      transition-behavior: allow-discrete;
    }

    b {
      color: light-dark(rgb(0 0 0), rgb(1 1 1));
      transition: color 1ms;
    }

    ${unsafeCSS(PIECES.join('\n'))}
  `;

  /** The scheme that the page's style sheets, the attribute `theme` and the user's system have decided on. */
  get scheme(): 'light' | 'dark' {
    const mark = this.renderRoot.querySelector('b');
    return mark !== null && getComputedStyle(mark).color === DARK ? 'dark' : 'light';
  }

  /** @param element on which the page sets the properties */
  looksOf(element: Element): Looks {
    const set = getComputedStyle(element);
    const values: Record<string, string> = {};
    const pieces = this.renderRoot.querySelectorAll('i');
    for (const [index, [name, kind]] of [...LOOKS].entries()) {
      const piece = pieces[index];
      if (piece !== undefined && set.getPropertyValue(name) !== '') {
        values[name] = getComputedStyle(piece).getPropertyValue(CSS_PROPERTIES[kind]);
      }
    }
    return readLooks(values);
  }

  protected override firstUpdated(): void {
    this.#report();
  }

  override render(): TemplateResult {
    return html`<div @transitionend=${this.#report}>${[...LOOKS].map(() => html`<i></i>`)}<b></b></div>`;
  }

  readonly #report = (): void => {
    this.dispatchEvent(new Event('change'));
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-looks-probe': LooksProbe;
  }
}
