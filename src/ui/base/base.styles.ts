import { css } from 'lit';

/** Shared by every component of the interface: box sizing, buttons, focus outlines, visually hidden text. */
export const baseStyles = css`
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }

  :host {
    display: block;
  }

  [hidden] {
    display: none !important;
  }

  button,
  input,
  select,
  textarea {
    color: inherit;
    font: inherit;
  }

  /* With dir="auto" an empty field is left to right in every language. */
  :is(input, textarea):placeholder-shown {
    direction: inherit;
  }

  input[type='checkbox'] {
    flex: none;
    inline-size: calc(1.125 * var(--_rem));
    block-size: calc(1.125 * var(--_rem));
    margin: 0;
    accent-color: var(--_accent);
  }

  :is(h1, h2, h3, p, ul, ol, dl, dd, figure) {
    margin: 0;
    padding: 0;
  }

  :is(ul, ol) {
    list-style: none;
  }

  a {
    color: var(--_accent-text);
    text-underline-offset: 0.18em;
    text-decoration-thickness: 1px;
  }

  :focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }

  [tabindex='-1']:focus {
    outline: none;
  }

  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-block-size: 40px;
    padding: 6px 16px;
    border: 1px solid var(--_border-strong);
    border-radius: var(--_radius);
    background: var(--_surface-raised);
    font-size: var(--_text-s);
    font-weight: 550;
    line-height: 1.35;
    text-align: start;
    cursor: pointer;
    transition: background-color var(--_motion);
  }

  a.button {
    color: inherit;
    text-decoration: none;
  }

  .button:hover {
    background: var(--_hover);
  }

  .button.primary {
    border-color: transparent;
    background: var(--_accent);
    color: var(--_on-accent);
  }

  .button.primary:hover {
    background: color-mix(in oklab, var(--_accent), var(--_text) 14%);
  }

  .button.quiet {
    border-color: transparent;
    background: none;
    padding-inline: 10px;
  }

  .button.quiet:hover {
    background: var(--_hover);
  }

  .button:disabled,
  .button[aria-disabled='true'] {
    opacity: 0.5;
    cursor: default;
  }

  .icon-button {
    display: inline-grid;
    place-items: center;
    flex: none;
    inline-size: calc(2.5 * var(--_rem));
    block-size: calc(2.5 * var(--_rem));
    padding: 0;
    border: 0;
    border-radius: var(--_radius);
    background: none;
    color: var(--_text-muted);
    cursor: pointer;
    transition: background-color var(--_motion);
  }

  .icon-button:hover {
    background: var(--_hover);
    color: var(--_text);
  }

  .icon-button:disabled,
  .icon-button[aria-disabled='true'] {
    opacity: 0.35;
    background: none;
    cursor: default;
  }

  @media (pointer: coarse) {
    .button,
    .icon-button {
      min-inline-size: 44px;
      min-block-size: 44px;
    }
  }

  /* Icons that point forward, back or to the side are mirrored in right-to-left text. */
  alcove-icon:is([name='chevron-left'], [name='chevron-right'], [name='panel']):dir(rtl) {
    transform: scaleX(-1);
  }

  /* Buttons and fields in a row that wraps. */
  .controls {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }

  /* Its label, not its invisible edge, is in line with the text above. */
  .controls > .button.quiet:first-child {
    margin-inline-start: -11px;
  }

  .muted {
    color: var(--_text-muted);
  }

  .small {
    font-size: var(--_text-s);
  }

  .numbers {
    font-variant-numeric: tabular-nums;
  }

  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  @media (forced-colors: active) {
    .button,
    .icon-button {
      border: 1px solid ButtonText;
    }

    /* Other themes show this by a background, which forced colours remove. Transparent borders get a colour here. */
    :is([aria-pressed='true'], [aria-current]):not(:focus-visible) {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }

    /* The button inside it has the border. */
    alcove-menu.icon-button {
      border: 0;
    }

    .button.primary {
      forced-color-adjust: none;
      border-color: Highlight;
      background: Highlight;
      color: HighlightText;
    }

    :is(.button, .icon-button):is(:disabled, [aria-disabled='true']) {
      border-color: GrayText;
      color: GrayText;
      opacity: 1;
    }
  }
`;
