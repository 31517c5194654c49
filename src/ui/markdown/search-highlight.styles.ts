import { css } from 'lit';

/** Highlights of search matches, in the elements that render a message's text; see SearchHighlight. */
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
