import { css } from 'lit';

/** Form fields, with their labels and error messages. */
export const formStyles = css`
  .field {
    display: grid;
    gap: 6px;
    font-size: var(--_text-s);
  }

  .field > span:first-child {
    font-weight: 600;
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }

  .row > input {
    flex: 1 1 calc(16 * var(--_rem));
    min-inline-size: 0;
  }

  input:not([type='radio'], [type='checkbox'], [type='file']),
  textarea,
  select {
    inline-size: 100%;
    min-block-size: 40px;
    padding: 6px 12px;
    border: 1px solid var(--_border-strong);
    border-radius: var(--_radius);
    background: var(--_surface-raised);
  }

  /* Without a text "auto" means left to right. */
  [dir='auto']:placeholder-shown {
    direction: inherit;
  }

  @media (pointer: coarse) {
    input:not([type='radio'], [type='checkbox']),
    textarea,
    select {
      min-block-size: 44px;
    }
  }

  /* A button that opens the browser's file picker: the invisible input lies over it. */
  .file {
    position: relative;
  }

  .file input {
    position: absolute;
    inset: 0;
    opacity: 0;
    cursor: pointer;
  }

  .file:has(:focus-visible) {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }

  [role='alert'].wrong {
    color: var(--_danger);
    font-size: var(--_text-s);
  }
`;
