import { css } from 'lit';

/** A list of facts: names beside values. */
export const factsStyles = css`
  dl {
    display: grid;
    grid-template-columns: minmax(calc(7 * var(--_rem)), auto) 1fr;
    gap: 6px 16px;
    font-size: var(--_text-s);
  }

  dt {
    color: var(--_text-muted);
  }

  dd {
    overflow-wrap: anywhere;
  }
`;
