import { css } from 'lit';

/** What deletes something, told apart from what does not: a word in red, and in full where it is about to happen. */
export const dangerStyles = css`
  .danger,
  .danger alcove-icon {
    color: var(--_danger);
  }

  .button.danger:hover,
  [role='menuitem'].danger:is(:hover, :focus-visible) {
    background: var(--_danger-soft);
  }

  .button.danger.now,
  .button.danger.now:hover {
    border-color: var(--_danger);
    background: var(--_danger);
    color: var(--_surface);
  }
`;
