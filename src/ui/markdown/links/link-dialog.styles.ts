import { css } from 'lit';

export const linkDialogStyles = css`
  dialog {
    max-inline-size: min(34 * var(--_rem), calc(100vw - 32px));
    padding: 24px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius-large);
    background: var(--_surface-raised);
    color: var(--_text);
    box-shadow: var(--_shadow);
    font-size: var(--_text-s);
    line-height: 1.5;
  }

  dialog::backdrop {
    background: rgb(0 0 0 / 40%);
  }

  h2 {
    margin-block-end: 8px;
    font-size: var(--_text-m);
    font-weight: 650;
  }

  strong {
    font-weight: 600;
    overflow-wrap: anywhere;
  }

  pre {
    max-block-size: calc(12 * var(--_rem));
    margin-block: 12px 20px;
    padding: 12px;
    overflow: auto;
    border-radius: var(--_radius);
    background: var(--_surface-sunken);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    direction: ltr;
    text-align: start;
  }

  code {
    font-family: var(--_font-mono);
    font-size: 0.867em;
  }

  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    justify-content: end;
  }

  a.button {
    color: inherit;
    cursor: pointer;
    text-decoration: none;
  }
`;
