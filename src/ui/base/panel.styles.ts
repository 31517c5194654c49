import { css } from 'lit';

/** Titles of the sections of panels and of the settings page. */
export const panelStyles = css`
  h2,
  h3 {
    font-size: var(--_text-s);
    font-weight: 650;
  }
`;
