import { css } from 'lit';

export const modelBrowserStyles = css`
  :host {
    container-type: inline-size;
    scroll-margin-block-start: 64px;
  }

  .list {
    display: grid;
    gap: 12px;
  }

  .search {
    display: grid;
    gap: 10px;
  }

  .field {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }

  input[type='search'] {
    flex: 1 1 8em;
    min-inline-size: 0;
    min-block-size: 44px;
    padding-inline: 14px;
    border: 1px solid var(--_border-strong);
    border-radius: var(--_radius);
    background: var(--_surface-raised);
    font-size: var(--_text-m);
  }

  select,
  .fits {
    min-block-size: 36px;
    padding-inline: 12px;
    border: 1px solid var(--_border-strong);
    border-radius: 22px;
    background: var(--_surface-raised);
    font-size: var(--_text-xs);
    cursor: pointer;
  }

  select {
    field-sizing: content;
    max-inline-size: calc(13 * var(--_rem));
    text-overflow: ellipsis;
  }

  select.set,
  .fits:has(:checked) {
    border-color: var(--_accent);
    background: var(--_accent-soft);
  }

  .check {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    min-block-size: 36px;
    font-size: var(--_text-xs);
    cursor: pointer;
  }

  /* On a wide page the filters are a row; a narrow one shows them as a sheet. */
  .filters {
    inset: auto;
    margin: 0;
    padding: 0;
    border: 0;
    background: none;
    color: inherit;
  }

  .filters h3,
  .filters .done,
  .open {
    display: none;
  }

  @container (min-inline-size: 32em) {
    .filters {
      position: static;
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
      inline-size: auto;
      overflow: visible;
    }
  }

  @container (max-inline-size: 32em) {
    .open {
      display: inline-flex;
    }
  }

  .filters:popover-open {
    position: fixed;
    inset-block: auto 0;
    inset-inline: 0;
    display: grid;
    gap: 12px;
    inline-size: auto;
    max-block-size: 85dvh;
    padding: 20px 16px max(16px, env(safe-area-inset-bottom));
    border-radius: var(--_radius-large) var(--_radius-large) 0 0;
    overflow: auto;
    background: var(--_surface);
    box-shadow: var(--_shadow);
  }

  .filters:popover-open::backdrop {
    background: rgb(0 0 0 / 35%);
  }

  .filters:popover-open :is(h3, .done) {
    display: block;
  }

  .filters:popover-open :is(select, .fits) {
    max-inline-size: none;
    min-block-size: 44px;
    font-size: var(--_text-s);
  }

  .line {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    min-block-size: 40px;
  }

  .line .count {
    margin-inline-end: auto;
  }

  .compared {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
    padding: 8px 12px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface-raised);
    box-shadow: var(--_shadow);
  }

  @media (min-height: 30rem) {
    .compared {
      position: sticky;
      inset-block-start: var(--_header, 0px);
      z-index: 1;
    }
  }

  .compared span {
    flex: 1 1 calc(10 * var(--_rem));
  }

  .rows {
    border-block-start: 1px solid var(--_border);
  }

  .row {
    content-visibility: auto;
    contain-intrinsic-block-size: auto 86px;
    padding-block: 10px;
    border-block-end: 1px solid var(--_border);
  }

  .model {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 2px 16px;
    /* Room for the outline of what has the focus. */
    padding-inline: 3px;
  }

  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 10px;
  }

  .name {
    min-inline-size: 0;
    overflow-wrap: anywhere;
    padding: 0;
    border: 0;
    background: none;
    font-size: var(--_text-s);
    font-weight: 600;
    text-align: start;
    cursor: pointer;
  }

  .name:hover {
    text-decoration: underline;
    text-decoration-thickness: 1px;
    text-underline-offset: 0.18em;
  }

  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
  }

  .chip {
    padding-inline: 7px;
    border: 1px solid var(--_border);
    border-radius: 10px;
    color: var(--_text-muted);
    font-size: calc(0.75 * var(--_rem));
    line-height: 1.5;
  }

  .purpose,
  .row .fit-badge {
    font-size: var(--_text-xs);
    line-height: 1.5;
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 8px 12px;
    margin-block-start: 4px;
  }

  .compare {
    color: var(--_text-muted);
  }

  .stored {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    color: var(--_success);
    font-size: var(--_text-xs);
    font-weight: 600;
  }

  @container (min-inline-size: 32em) {
    .model {
      grid-template-columns: minmax(0, 1fr) auto;
      align-items: center;
    }

    .head,
    .purpose,
    .row .fit-badge {
      grid-column: 1;
    }

    .row :is(.purpose, .fit-badge > span) {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }

    .actions {
      grid-area: 1 / 2 / span 3;
      flex-wrap: nowrap;
      margin: 0;
    }

    .actions .button {
      min-inline-size: calc(7 * var(--_rem));
    }
  }

  .none {
    padding-block: 24px;
    text-align: center;
  }

  @media (pointer: coarse) {
    select,
    .check,
    .name {
      min-block-size: 44px;
    }
  }
`;
