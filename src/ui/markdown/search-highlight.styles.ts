import { css } from 'lit';

/** The words that a search has found, in what draws the text of a message; see SearchHighlight. */
export const searchHighlightStyles = css`
  ::highlight(alcove-search-highlight) {
    background-color: var(--_search-highlight);
    color: var(--_text);
  }

  @media (prefers-contrast: more) {
    ::highlight(alcove-search-highlight) {
      background-color: var(--_accent);
      color: var(--_on-accent);
    }
  }
`;
