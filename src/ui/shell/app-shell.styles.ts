import { css } from 'lit';

export const appShellStyles = css`
  :host {
    block-size: 100dvh;
    background: var(--_surface);
  }

  .shell {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    /* The first row takes the whole height, whatever else is in the grid. */
    grid-template-rows: minmax(0, 1fr);
    block-size: 100%;
  }

  .skip {
    position: absolute;
    z-index: 3;
    inset-block-start: 8px;
    inset-inline-start: 8px;
  }

  .skip:not(:focus) {
    clip-path: inset(50%);
    pointer-events: none;
  }

  .main {
    position: relative;
    min-block-size: 0;
  }

  alcove-chat-view {
    display: block;
    block-size: 100%;

    --alcove-font-size: 1.0625rem;
    --alcove-header-inset-start: 2.75rem;
    --alcove-header-inset-end: 2.75rem;
  }

  .corner {
    position: absolute;
    z-index: 1;
    inset-block-start: 8px;
  }

  /* A page scrolls behind it. */
  .corner.start {
    inset-inline-start: 8px;
    background: var(--_surface);
  }

  .corner.end {
    inset-inline-end: 8px;
  }

  nav:not(.open) {
    display: none;
  }

  nav {
    position: fixed;
    z-index: 2;
    inset-block: 0;
    inset-inline-start: 0;
    display: flex;
    flex-direction: column;
    inline-size: min(19rem, 86vw);
    border-inline-end: 1px solid transparent;
    background: var(--_surface-sunken);
    box-shadow: var(--_shadow);
    animation: slide-in var(--_motion);
  }

  nav:dir(rtl) {
    --slide-from: 16px;
  }

  @keyframes slide-in {
    from {
      opacity: 0;
      translate: var(--slide-from, -16px) 0;
    }
  }

  .shade {
    position: fixed;
    z-index: 1;
    inset: 0;
    background: rgb(0 0 0 / 35%);
  }

  .top {
    display: flex;
    align-items: center;
    justify-content: space-between;
    min-block-size: 56px;
    padding-inline: 18px 8px;
  }

  .top strong {
    font-size: var(--_text-m);
    font-weight: 700;
    letter-spacing: -0.01em;
  }

  .chats {
    flex: 1;
    padding-inline: 8px;
    overflow-y: auto;
    overscroll-behavior: contain;
  }

  .pages {
    display: grid;
    padding: 8px;
    border-block-start: 1px solid var(--_border);
  }

  .pages a {
    display: flex;
    align-items: center;
    gap: 10px;
    min-block-size: 40px;
    padding-inline: 10px;
    border-radius: var(--_radius);
    color: var(--_text);
    font-size: var(--_text-s);
    text-decoration: none;
  }

  .pages a:hover,
  .pages a[aria-current] {
    background: var(--_hover);
  }

  .pages a[aria-current] {
    font-weight: 600;
  }

  .pages alcove-icon {
    color: var(--_text-muted);
    font-size: 0.875rem;
  }

  .page {
    position: absolute;
    inset: 0;
    /* Stacks below the corner buttons. */
    isolation: isolate;
    overflow-y: auto;
    /* Keeps the focused element clear of the sticky bars. */
    scroll-padding-block: calc(var(--_header) + 120px) 72px;
    background: var(--_surface);

    --_header: 56px;
  }

  .page > div {
    --_page: var(--_column);

    max-inline-size: var(--_page);
    margin-inline: auto;
    padding: 0 16px 56px;
  }

  .page > .wide {
    --_page: calc(72 * var(--_rem));
  }

  .page .back {
    margin-inline-start: -10px;
    margin-block-end: 12px;
  }

  /* A list of the page's sections is beside them. */
  .with-list > div {
    --_page: calc(var(--_column) + 14rem);
  }

  /* Sticky, so that the corner buttons never cover the page's text. */
  .page header {
    position: sticky;
    inset-block-start: 0;
    z-index: 2;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    min-block-size: var(--_header);
    margin-block-end: 12px;
    padding-block: 6px;
    /* Beside the corner button, or above the page's text where the margin has room for the button. */
    padding-inline: clamp(0px, 2rem - (100vw - var(--_page)) / 2, 2.75rem) 0;
    background: var(--_surface);
  }

  .page header .button {
    padding-inline: 12px;
  }

  .page h1 {
    flex: 1 1 5rem;
    font-size: var(--_text-l);
    font-weight: 650;
    line-height: 1.3;
  }

  .result {
    margin-block-end: 16px;
  }

  p.result {
    padding: 10px 14px;
    border: 1px solid transparent;
    border-radius: var(--_radius);
    background: var(--_accent-soft);
    font-size: var(--_text-s);
  }

  @media (pointer: coarse) {
    .pages a {
      min-block-size: 44px;
    }
  }

  @media (min-width: 60rem) {
    .with-sidebar {
      grid-template-columns: 17rem minmax(0, 1fr);
    }

    .with-sidebar nav,
    .with-sidebar nav:not(.open) {
      position: static;
      display: flex;
      inline-size: auto;
      border-inline-end: 1px solid var(--_border);
      box-shadow: none;
      animation: none;
    }

    .with-sidebar :is(.shade, .corner) {
      display: none;
    }

    /* In the middle of the chat. */
    .with-sidebar > alcove-toast {
      inset-inline-start: calc(17rem + 16px);
    }

    .with-sidebar alcove-chat-view {
      --alcove-header-inset-start: 0px;
      --alcove-header-inset-end: 0px;
    }

    .page > div {
      padding-inline: 24px;
    }

    .page {
      --_header: 72px;
    }

    .with-sidebar .page header {
      padding-inline: 0;
    }
  }
`;
