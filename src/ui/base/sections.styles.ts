import { css } from 'lit';

/** A page of titled sections of cards: the model list, the storage page. */
export const sectionsStyles = css`
  :host {
    display: grid;
    gap: 32px;
  }

  section {
    display: grid;
    gap: 12px;
  }

  h2 {
    font-size: calc(1.125 * var(--_rem));
    font-weight: 650;
    line-height: 1.35;
  }
`;
