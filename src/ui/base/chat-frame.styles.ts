import { css } from 'lit';

/** The places of the header, the conversation and the composer, and an empty chat: of the chat view, and of the shell before it. */
export const chatFrameStyles = css`
  :host {
    position: relative;
    block-size: 100%;
    overflow: clip;
    background: var(--_surface);
    container-type: size;
    contain-intrinsic-block-size: calc(32 * var(--_rem));
  }

  .view {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr) minmax(0, auto);
    grid-template-columns: minmax(0, 1fr);
    block-size: 100%;
  }

  /* Rows by number: a host page may hide a part. */
  .bar {
    grid-row: 1;
  }

  .scroller {
    grid-row: 2;
  }

  .foot {
    grid-row: 3;
  }

  /* The app puts its own buttons into the corners. */
  .bar {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
    min-block-size: 56px;
    padding-block: 6px;
    padding-inline: calc(6px + var(--alcove-header-inset-start, 0px)) calc(6px + var(--alcove-header-inset-end, 0px));
  }

  .bar .button {
    min-inline-size: 0;
    padding-inline: 8px;
    font-size: var(--_text-s);
  }

  /* What needs the models keeps its room until they are listed, and so does a promise until it is known to hold. */
  .bar.waiting :is(.model, .settings),
  .device.unknown {
    visibility: hidden;
  }

  .heading {
    flex: 0 1 auto;
    overflow: hidden;
    padding-inline: 8px;
    font-weight: 650;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .model {
    flex: 0 1 auto;
    font-weight: 600;
  }

  .model bdi {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .model alcove-icon {
    color: var(--_text-muted);
    font-size: calc(0.875 * var(--_rem));
  }

  .device {
    flex: none;
    gap: 6px;
    margin-inline-start: auto;
    color: var(--_text-muted);
    font-weight: 500;
  }

  .device alcove-icon {
    color: var(--_success);
    font-size: calc(0.9375 * var(--_rem));
  }

  .scroller {
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-gutter: stable both-edges;
    /* Growing messages are laid out and painted independently of the rest of the page. */
    contain: strict;
  }

  .scroller:focus-visible {
    outline-offset: -2px;
  }

  .column {
    inline-size: 100%;
    max-inline-size: calc(var(--_column) + 48px);
    margin-inline: auto;
    padding-inline: 16px;
  }

  .column:has(> .empty) {
    display: grid;
    min-block-size: 100%;
  }

  .empty {
    display: grid;
    gap: 8px;
    align-content: center;
    padding-block: 24px 10cqb;
  }

  .empty h2 {
    font-size: var(--_text-l);
    font-weight: 650;
    line-height: 1.3;
    text-wrap: balance;
  }

  .suggestions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-block-start: 12px;
  }

  .suggestions .button {
    border-color: var(--_border);
    font-weight: 450;
  }

  .foot {
    position: relative;
    display: flex;
    flex-direction: column;
    gap: 10px;
    padding-block: 4px 14px;
  }

  .foot > * {
    flex: none;
  }

  @container (min-width: 37.6em) {
    .bar {
      padding-inline: calc(16px + var(--alcove-header-inset-start, 0px)) calc(16px + var(--alcove-header-inset-end, 0px));
    }

    .column {
      padding-inline: 24px;
    }

    .foot {
      padding-block-end: 20px;
    }
  }

  /* On narrow screens the shield stands alone; where messages leave the device, the words are at the composer. */
  @container (max-width: 24.5em) {
    .bar {
      gap: 0;
    }

    .bar .device {
      padding-inline: 8px;
    }

    .device .label {
      position: absolute;
      inline-size: 1px;
      block-size: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }

    .foot {
      gap: 4px;
      padding-block: 4px 8px;
    }
  }

  /* A heading needs the room of the words beside it, and is cut off after the model's name. */
  .bar > .heading ~ .model {
    flex-shrink: 4;
  }

  @container (max-width: 34em) {
    .heading ~ .device .label {
      position: absolute;
      inline-size: 1px;
      block-size: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
  }

  /* In a very low element the conversation and the composer take all of the height. */
  @container (max-height: 10em) {
    .view > .bar {
      display: none;
    }

    .foot {
      padding-block: 2px 4px;
    }
  }
`;
