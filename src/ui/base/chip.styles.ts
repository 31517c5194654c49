import { css } from 'lit';

/** A small button beside the composer that says what applies to the next message. `plain` has no edge: it stands in a line of text. */
export const chipStyles = css`
  .chip {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-inline-size: 0;
    max-inline-size: 100%;
    min-block-size: 32px;
    padding: 3px 12px 3px 10px;
    border: 1px solid var(--_border);
    border-radius: 999px;
    background: var(--_surface-raised);
    color: var(--_text);
    font-size: var(--_text-xs);
    font-weight: 500;
    line-height: 1.4;
    text-align: start;
    cursor: pointer;
  }

  .chip:hover {
    background: var(--_hover);
  }

  .chip alcove-icon {
    flex: none;
    color: var(--_text-muted);
  }

  .chip bdi {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .chip.plain {
    min-block-size: 24px;
    padding: 0 4px;
    border: 0;
    border-radius: 4px;
    background: none;
    color: var(--_text-muted);
    font-weight: inherit;
  }

  .chip.plain:hover {
    color: var(--_text);
  }

  @media (pointer: coarse) {
    .chip {
      min-block-size: 44px;
    }

    .chip.plain {
      min-block-size: 28px;
    }
  }
`;
