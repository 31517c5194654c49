import { css } from 'lit';

export const messageStyles = css`
  :host {
    position: relative;
    /* Space for the focus outline and the actions, which content-visibility would cut off. */
    overflow-clip-margin: 44px;
  }

  article[tabindex]:focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 6px;
    border-radius: 2px;
  }

  .who {
    display: flex;
    flex-wrap: wrap;
    column-gap: 8px;
    margin-block-end: 2px;
    color: var(--_text-muted);
    font-size: var(--_text-xs);
    font-weight: 600;
    line-height: 1.5;
  }

  .question,
  .plain {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }

  :host([question]) article {
    display: grid;
    justify-items: end;
  }

  :host([question]) alcove-message-editor {
    inline-size: 100%;
  }

  .question {
    max-inline-size: 80%;
    padding: 8px 14px;
    border: 1px solid transparent;
    border-radius: var(--_radius-large);
    border-end-end-radius: 4px;
    background: var(--_question);
  }

  .parts {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    margin-block: 4px 8px;
    padding: 0;
    list-style: none;
    font-size: var(--_text-xs);
  }

  .parts li {
    display: flex;
    align-items: center;
    gap: 6px;
    max-inline-size: 100%;
    padding: 4px 10px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    color: var(--_text-muted);
  }

  .parts bdi {
    overflow-wrap: anywhere;
  }

  .waiting {
    display: flex;
    align-items: center;
    gap: 10px;
    min-block-size: 1.6em;
    color: var(--_text-muted);
    font-size: var(--_text-s);
  }

  .pulse {
    inline-size: 8px;
    block-size: 8px;
    border-radius: 50%;
    background: var(--_accent);
    animation: pulse 1.4s ease-in-out infinite;
  }

  @keyframes pulse {
    50% {
      opacity: 0.25;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    .pulse {
      animation: none;
    }
  }

  .summary {
    padding: 8px 14px;
    border: 1px dashed var(--_border-strong);
    border-radius: var(--_radius);
    font-size: var(--_text-s);
  }

  .summary summary {
    color: var(--_text-muted);
    overflow-wrap: anywhere;
    hyphens: auto;
    cursor: pointer;
  }

  .stopped {
    margin-block-start: 4px;
    color: var(--_text-muted);
    font-size: var(--_text-xs);
  }

  .who span {
    font-weight: 400;
  }

  .button.continue {
    min-block-size: 34px;
    margin-block-start: 8px;
    padding: 3px 12px;
    border-color: var(--_border);
    font-size: var(--_text-xs);
  }

  .sibling-count {
    min-inline-size: calc(2 * var(--_rem));
    min-block-size: calc(2 * var(--_rem));
    padding: 0 2px;
    border: 0;
    border-radius: 6px;
    background: none;
    color: inherit;
    font-size: inherit;
    cursor: pointer;
  }

  .sibling-count:hover {
    background: var(--_hover);
  }

  alcove-notice {
    margin-block-start: 12px;
  }

  .test {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 10px;
    margin-inline-start: 9px;
    color: var(--_text-muted);
    font-size: var(--_text-s);
    animation: appear 0s 1s backwards;
  }

  @keyframes appear {
    from {
      visibility: hidden;
    }
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    min-block-size: 36px;
    margin-block-start: 2px;
    margin-inline: -9px;
    transition: opacity var(--_motion);
  }

  .actions .icon-button {
    inline-size: calc(2.25 * var(--_rem));
    block-size: calc(2.25 * var(--_rem));
    font-size: calc(0.875 * var(--_rem));
  }

  /* In the gap below the message, so that they take no space while they are hidden. */
  .actions.at-rest {
    position: absolute;
    z-index: 1;
    inset-block-start: 100%;
    flex-wrap: nowrap;
    min-block-size: 32px;
    margin-block-start: 0;
    opacity: 0;
  }

  :host([question]) .actions.at-rest {
    inset-inline-end: 0;
  }

  .actions.at-rest .icon-button {
    block-size: calc(2 * var(--_rem));
  }

  :host(:is(:hover, :focus-within)) .actions,
  .actions:has([aria-expanded='true']) {
    opacity: 1;
  }

  /* Without a pointer that hovers, the first tap shows them. */
  @media (hover: none) {
    :host(:not(:hover, :focus-within)) .actions.at-rest {
      pointer-events: none;
    }
  }

  .siblings {
    display: inline-flex;
    align-items: center;
    margin-inline-end: 4px;
    color: var(--_text-muted);
    font-size: var(--_text-xs);
  }

  .siblings .icon-button {
    inline-size: calc(1.75 * var(--_rem));
  }

  @media (pointer: coarse) {
    .siblings {
      margin-inline-end: 0;
    }

    .actions,
    .actions .icon-button,
    .siblings .icon-button,
    .sibling-count {
      min-block-size: 44px;
    }

    .actions .icon-button,
    .siblings .icon-button {
      min-inline-size: 44px;
    }
  }

  .statistics {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 20px;
    margin-block-start: 4px;
    padding: 10px 14px;
    border-radius: var(--_radius);
    background: var(--_surface-sunken);
    font-size: var(--_text-xs);
  }

  dt {
    color: var(--_text-muted);
  }
`;
