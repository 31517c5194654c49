import { css } from 'lit';

/** A modal dialog over the app. The browser keeps the focus inside and returns it on close. */
export const dialogStyles = css`
  dialog {
    inline-size: min(36 * var(--_rem), 100vi - 24px);
    max-block-size: min(34 * var(--_rem), 100dvb - 48px);
    margin-block-start: max(12px, 10dvb);
    padding: 0;
    border: 1px solid var(--_border-strong);
    border-radius: var(--_radius-large);
    overflow: hidden;
    background: var(--_surface-raised);
    color: var(--_text);
    box-shadow: var(--_shadow);
    flex-direction: column;
  }

  dialog[open] {
    display: flex;
  }

  dialog::backdrop {
    background: rgb(0 0 0 / 35%);
  }
`;
