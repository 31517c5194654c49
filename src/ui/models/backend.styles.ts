import { css } from 'lit';

export const backendStyles = css`
  .box {
    display: grid;
    grid-template-columns: auto 1fr auto;
    gap: 0 12px;
    padding: 12px 8px 12px 14px;
    border-radius: var(--_radius);
    background: var(--_warning-soft);
    font-size: var(--_text-s);
    line-height: 1.5;
  }

  .box > alcove-icon {
    margin-block-start: 2px;
    color: var(--_warning);
    font-size: var(--_rem);
  }

  .box > :is(p, .actions) {
    grid-column: 2;
  }

  .box > .icon-button {
    grid-area: 1 / 3 / span 2;
    align-self: start;
    margin-block: -10px;
  }

  strong {
    font-weight: 600;
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-block-start: 10px;
  }

  @media (forced-colors: active) {
    .box {
      border: 1px solid CanvasText;
    }
  }
`;
