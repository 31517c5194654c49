import { css } from 'lit';

export const chatListStyles = css`
  h2 {
    padding: 16px 10px 4px;
    color: var(--_text-muted);
    font-size: var(--_text-xs);
    font-weight: 600;
  }

  li {
    position: relative;
    display: flex;
    align-items: center;
    border-radius: var(--_radius);
  }

  li:hover,
  li:has(.tool:focus-visible) {
    background: var(--_hover);
  }

  li.open {
    background: var(--_hover);
    font-weight: 550;
  }

  .chat {
    flex: 1;
    min-inline-size: 0;
    min-block-size: 38px;
    padding: 4px 10px;
    border: 0;
    border-radius: var(--_radius);
    background: none;
    font-size: var(--_text-s);
    font-weight: inherit;
    text-align: start;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    cursor: pointer;
  }

  /* A long title is cut at the end of its own direction, and aligned to the start of the list. */
  .chat bdi {
    display: block;
    overflow: hidden;
    text-align: -webkit-match-parent;
    text-align: match-parent;
    text-overflow: ellipsis;
  }

  .tool {
    flex: none;
    inline-size: 32px;
    block-size: 32px;
    font-size: calc(0.875 * var(--_rem));
  }

  @media (hover: hover) {
    li:not(:hover, :focus-within, .open) .tool {
      position: absolute;
      opacity: 0;
      pointer-events: none;
    }
  }

  .head {
    display: flex;
    align-items: end;
    justify-content: space-between;
  }

  .projects .chat {
    display: flex;
    align-items: center;
    gap: 8px;
    padding-inline-start: 2px;
  }

  .projects li:not(.project) {
    margin-inline-start: 18px;
  }

  .projects li:not(.project) .chat {
    display: block;
    padding-inline-start: 10px;
  }

  .chat alcove-icon,
  .fold {
    flex: none;
    color: var(--_text-muted);
  }

  .fold {
    display: grid;
    place-content: center;
    inline-size: 24px;
    min-block-size: 38px;
    padding: 0 4px;
    border: 0;
    border-radius: var(--_radius);
    background: none;
    font-size: calc(0.75 * var(--_rem));
    cursor: pointer;
  }

  .fold[aria-expanded='false'] alcove-icon {
    rotate: -90deg;
  }

  .fold[aria-expanded='false'] alcove-icon:dir(rtl) {
    rotate: 90deg;
  }

  li.none {
    padding: 6px 10px;
    background: none;
    color: var(--_text-muted);
    font-size: var(--_text-xs);
  }

  .badge {
    flex: none;
    margin-inline-end: 8px;
    color: var(--_accent-text);
    font-size: var(--_text-xs);
    font-weight: 600;
  }

  .excerpt,
  .tags {
    color: var(--_text-muted);
    font-size: calc(0.75 * var(--_rem));
    font-weight: 400;
    text-align: -webkit-match-parent;
    text-align: match-parent;
  }

  .excerpt {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    /* Reserves the space of an excerpt that is still loading. */
    min-block-size: 2.9em;
    overflow: hidden;
    line-height: 1.45;
    white-space: normal;
    overflow-wrap: anywhere;
  }

  mark {
    border-radius: 2px;
    background: var(--_accent-soft);
    color: var(--_text);
    font-weight: 600;
  }

  .archived {
    color: var(--_text-muted);
    font-weight: 400;
  }

  .tags {
    display: block;
    overflow: hidden;
    line-height: 1.3;
    text-overflow: ellipsis;
  }

  .search {
    position: sticky;
    z-index: 1;
    inset-block-start: 0;
    display: block;
    padding-block: 2px 6px;
    background: var(--_surface-sunken);
  }

  /* Without a text "auto" means left to right. */
  input:placeholder-shown {
    direction: inherit;
  }

  .search input {
    inline-size: 100%;
    border-color: var(--_border);
    background: var(--_surface);
  }

  /* The scrolling list would cut off an outline with a larger offset. */
  .search input:focus-visible {
    outline-offset: 0;
  }

  .filters {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
    padding-block: 2px 4px;
  }

  .filters button {
    min-block-size: 28px;
    padding: 2px 10px;
    border: 1px solid var(--_border);
    border-radius: 14px;
    background: none;
    font-size: var(--_text-xs);
    max-inline-size: 100%;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    cursor: pointer;
  }

  .filters button[aria-pressed='true'] {
    border-color: var(--_accent);
    background: var(--_accent-soft);
  }

  details {
    margin-block-start: 12px;
  }

  summary {
    padding: 6px 10px;
    border-radius: var(--_radius);
    color: var(--_text-muted);
    font-size: var(--_text-xs);
    font-weight: 600;
    cursor: pointer;
  }

  .end {
    block-size: 1px;
  }

  @media (pointer: coarse) {
    .chat,
    .fold {
      min-block-size: 44px;
    }

    .fold {
      inline-size: 44px;
    }

    .tool {
      inline-size: 44px;
      block-size: 44px;
    }
  }

  input {
    flex: 1;
    min-inline-size: 0;
    min-block-size: 38px;
    padding: 4px 9px;
    border: 1px solid var(--_accent);
    border-radius: var(--_radius);
    background: var(--_surface-raised);
    font-size: var(--_text-s);
  }

  .none {
    padding: 12px 10px;
    color: var(--_text-muted);
    font-size: var(--_text-s);
  }
`;
