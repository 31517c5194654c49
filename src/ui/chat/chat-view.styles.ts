import { css } from 'lit';

/** What the chat view has besides its frame: notices, panels, what scrolls. */
export const chatViewStyles = css`
  .messages {
    padding-block: 8px 32px;
  }

  /* Notices above the composer scroll, so that they push neither the composer nor the header out of view. */
  .foot > :is(section, .dismissable, alcove-queued-messages, alcove-context-full-dialog, alcove-notice, alcove-backend-notice) {
    flex: 0 1 auto;
    min-block-size: 0;
    overflow-y: auto;
  }

  .foot alcove-download {
    padding: 16px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius-large);
    background: var(--_surface-raised);
  }

  .foot h2 {
    margin-block-end: 10px;
    font-size: var(--_text-s);
    font-weight: 600;
  }

  .below {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    align-items: center;
    gap: 0 12px;
  }

  .below:not(:has(*)) {
    display: none;
  }

  .below alcove-context-meter {
    flex: 1 1 calc(14 * var(--_rem));
  }

  /* Until its button has loaded. */
  alcove-attach {
    inline-size: calc(2.5 * var(--_rem));
  }

  .to-end {
    position: absolute;
    inset-block-end: calc(100% + 8px);
    inset-inline: 0;
    inline-size: calc(2.5 * var(--_rem));
    margin-inline: auto;
    border: 1px solid var(--_border);
    border-radius: 50%;
    background: var(--_surface-raised);
    box-shadow: var(--_shadow);
  }

  .dismissable {
    position: relative;
  }

  .dismissable .icon-button {
    position: absolute;
    inset-block-start: 4px;
    inset-inline-end: 4px;
  }

  .dismissable alcove-notice::part(notice) {
    padding-inline-end: 48px;
  }

  /* Text for screen readers must not cause layout elsewhere. */
  [role='log'] {
    contain: strict;
  }

  .panel {
    position: absolute;
    inset: 0;
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    grid-template-columns: minmax(0, 1fr);
    background: var(--_surface);
    animation: appear var(--_motion);
  }

  /* The panel has a column of its own, and the buttons of the page at the end are above it. */
  .view.beside {
    grid-template-columns: minmax(0, 1fr) calc(22.5 * var(--_rem));
  }

  .beside > :is(.bar, .scroller, .foot) {
    --alcove-header-inset-end: 0px;
    grid-column: 1;
  }

  .beside > .panel {
    --alcove-header-inset-start: 0px;
    position: relative;
    grid-area: 1 / 2 / -1;
    border-inline-start: 1px solid var(--_border);
  }

  /* Over the chat, wherever that is in the page. */
  .view > alcove-toast {
    position: absolute;
  }

  .beside > alcove-toast {
    inset-inline-end: calc(22.5 * var(--_rem) + 16px);
  }

  .beside > .panel .scroller {
    scrollbar-gutter: auto;
  }

  .beside > .panel header h2 {
    font-size: var(--_text-m);
  }

  @keyframes appear {
    from {
      opacity: 0;
      translate: 0 6px;
    }
  }

  .panel header {
    display: flex;
    align-items: center;
    justify-content: space-between;
    inline-size: 100%;
    min-block-size: 56px;
    padding-inline: calc(16px + var(--alcove-header-inset-start, 0px)) calc(12px + var(--alcove-header-inset-end, 0px));
  }

  /* As the title of a page. */
  .panel header h2 {
    font-size: var(--_text-l);
    font-weight: 650;
    line-height: 1.3;
  }

  /* Keeps the focused element clear of the sticky bars. */
  .panel .scroller {
    scroll-padding-block: 72px;
  }

  .panel .column {
    padding-block: 8px 40px;
  }

  .result {
    margin-block-end: 16px;
    padding: 10px 14px;
    border: 1px solid transparent;
    border-radius: var(--_radius);
    background: var(--_accent-soft);
    font-size: var(--_text-s);
  }

  .panel .scroller {
    grid-row: auto;
  }

  @container (min-width: 37.6em) {
    .panel header {
      padding-inline: calc(16px + var(--alcove-header-inset-start, 0px)) calc(16px + var(--alcove-header-inset-end, 0px));
    }
  }

  /* Title and close button keep to the column, which is clear of the buttons of the page here. */
  @container (min-width: 54em) {
    .view:not(.beside) > .panel header {
      max-inline-size: calc(var(--_column) + 48px);
      min-block-size: 72px;
      margin-inline: auto;
      padding-inline: 24px;
    }
  }
`;
