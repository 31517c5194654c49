import { css } from 'lit';

/** The words that a search has found, in what draws the text of a message; see SearchHighlight. */
export const searchHighlightStyles = css`
  ::highlight(alcove-found) {
    background-color: var(--_found);
    color: var(--_text);
  }

  @media (prefers-contrast: more) {
    ::highlight(alcove-found) {
      background-color: var(--_accent);
      color: var(--_on-accent);
    }
  }
`;
