import { css } from 'lit';

/** Registered as a length, so that an `em` in it refers to the box and not to each text that uses it. */
const TEXT_SIZE = '--_alcove-text-size';

/**
 * Styles of the element's box. Rules of the host page win over `:host`, and its text properties are inherited, so `:host` has
 * only defaults that a page may change. The box inside has what the chat depends on: a page can neither reset it
 * (`* { all: unset }`) nor restyle it by accident.
 */
export const alcoveChatStyles = css`
  :host {
    display: block;
    block-size: 32em;
    contain: content;
    font-size: medium;
  }

  :host([hidden]) {
    display: none !important;
  }

  :host([theme='light']) {
    --alcove-color-scheme: light;
  }

  :host([theme='dark']) {
    --alcove-color-scheme: dark;
  }

  :host([theme='auto']) {
    --alcove-color-scheme: light dark;
  }

  :host([layout='panel']) {
    block-size: 100%;
  }

  :host([layout='panel']:not(:state(open))) {
    display: none;
  }

  :host([layout='bubble']) {
    position: fixed;
    inset-block-end: var(--alcove-bubble-inset, 20px);
    inset-inline-end: var(--alcove-bubble-inset, 20px);
    z-index: var(--alcove-bubble-layer, 1000);
    inline-size: auto;
    block-size: auto;
    contain: none;
  }

  .bubble,
  .dialog {
    all: initial;
    visibility: inherit;
    color-scheme: var(--alcove-color-scheme, inherit);
    box-sizing: border-box;
    box-shadow: var(--_shadow);
  }

  .bubble {
    display: grid;
    place-items: center;
    inline-size: var(--alcove-bubble-size, 56px);
    block-size: var(--alcove-bubble-size, 56px);
    border-radius: 50%;
    background: var(--_accent);
    color: var(--_on-accent);
    font-size: 24px;
    cursor: pointer;
  }

  .bubble:focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }

  .dialog {
    position: fixed;
    inset-block-end: calc(2 * var(--alcove-bubble-inset, 20px) + var(--alcove-bubble-size, 56px) - 8px);
    inset-inline-end: var(--alcove-bubble-inset, 20px);
    inline-size: min(var(--alcove-dialog-width, 400px), 100vi - 2 * var(--alcove-bubble-inset, 20px));
    block-size: min(
      var(--alcove-dialog-height, 600px),
      100dvb - 3 * var(--alcove-bubble-inset, 20px) - var(--alcove-bubble-size, 56px)
    );
    border: 1px solid var(--_border);
    border-radius: var(--_radius-large);
    overflow: clip;
  }

  .dialog:not(:popover-open) {
    display: none;
  }

  .dialog:popover-open {
    display: block;
  }

  /* On a phone the dialog is the whole window. */
  @media (width < 30em) {
    .dialog {
      inset: 0;
      inline-size: auto;
      block-size: auto;
      border: 0;
      border-radius: 0;
    }
  }

  .box {
    all: initial;
    /* A hidden, disabled or moving page hides, disables and moves the chat too. */
    visibility: inherit;
    pointer-events: inherit;
    color-scheme: var(--alcove-color-scheme, inherit);
    user-select: text;

    display: grid;
    /*
     * Where the page lets the element take the width of its contents (dialog, float, table …), these are between 12 and
     * 28 em: the first column makes it so; the contents span both columns.
     */
    grid-template: minmax(0, 1fr) / minmax(12em, 28em) minmax(0, 1fr);
    block-size: 100%;
    min-block-size: inherit;
    max-block-size: inherit;
    contain: content;
    border-radius: inherit;
    background: var(--_surface);

    /* The initial size of text is what the user has chosen in the browser, whatever size the page sets on its root. */
    --_alcove-text-size: var(--alcove-font-size, 1.0625em);
  }

  /* The height of the contents where the page gives none. */
  .box::before {
    contain-intrinsic-block-size: 32em;
    content: '';
  }

  .box::before,
  .box > * {
    grid-area: 1 / 1 / -1 / -1;
    contain: size;
  }

  .box > * {
    color: var(--_text);
    font-family: var(--_font);
    font-size: var(--_alcove-text-size);
    line-height: 1.6;

    --alcove-font-size: var(--_alcove-text-size);
  }

  /* The view below the shell, until it has taken over. */
  .covered {
    visibility: hidden;
  }

  [part='problem'] {
    overflow: auto;
    margin: 0;
    padding: 24px;
  }
`;

/** Registers the property of the text's size. Another copy of the script on the page may have done so before. */
export function registerTextSize(): void {
  try {
    CSS.registerProperty({ name: TEXT_SIZE, syntax: '<length>', inherits: true, initialValue: '17px' });
  } catch {
    // It is registered, with the same definition.
  }
}
