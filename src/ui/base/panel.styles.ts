import { css } from 'lit';

/** The parts of panels and of the settings page, one below the other, and their titles. */
export const panelStyles = css`
  :host {
    display: grid;
    gap: 16px;
  }

  h2,
  h3 {
    font-size: var(--_text-s);
    font-weight: 650;
  }

  h2 {
    font-size: calc(1.125 * var(--_rem));
  }
`;
