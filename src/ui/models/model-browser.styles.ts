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

  input[type='search'] {
    inline-size: 100%;
    min-block-size: 44px;
    padding-inline: 14px;
    border: 1px solid var(--_border-strong);
    border-radius: var(--_radius);
    background: var(--_surface-raised);
    font-size: var(--_text-m);
  }

  select {
    max-inline-size: calc(13 * var(--_rem));
    min-block-size: 36px;
    padding-inline: 10px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface-raised);
    font-size: var(--_text-xs);
    text-overflow: ellipsis;
  }

  select.set {
    border-color: var(--_accent);
    background: var(--_accent-soft);
  }

  .sort {
    margin-inline-start: auto;
  }

  .check {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    min-block-size: 36px;
    font-size: var(--_text-xs);
    cursor: pointer;
  }

  .line {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 4px 12px;
    min-block-size: 40px;
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
    contain-intrinsic-block-size: auto 150px;
    padding-block: 14px;
    border-block-end: 1px solid var(--_border);
  }

  .model {
    display: grid;
    gap: 4px;
    padding-inline: 3px;
  }

  .head {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 12px;
  }

  .name {
    min-inline-size: 0;
    min-block-size: 36px;
    overflow-wrap: anywhere;
    padding: 0;
    border: 0;
    background: none;
    font-weight: 600;
    text-align: start;
    cursor: pointer;
  }

  .name:hover {
    text-decoration: underline;
    text-decoration-thickness: 1px;
    text-underline-offset: 0.18em;
  }

  .compare {
    flex: none;
    color: var(--_text-muted);
  }

  .facts {
    color: var(--_text-muted);
    font-size: var(--_text-xs);
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
    margin-block-start: 4px;
  }

  .back {
    margin-inline-start: -10px;
    margin-block-end: 8px;
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

  @container (max-inline-size: 24.5em) {
    .sort {
      margin-inline-start: 0;
    }

    .controls > select,
    .sort {
      flex: 1 1 40%;
    }

    .sort select {
      inline-size: 100%;
    }
  }
`;
