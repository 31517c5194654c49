import { css } from 'lit';

export const modelCardStyles = css`
  article {
    display: grid;
    gap: 12px;
    padding: 16px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius-large);
    background: var(--_surface-raised);
  }

  article.featured {
    border-color: var(--_accent);
  }

  header {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 10px;
  }

  h3 {
    font-size: var(--_text-m);
    font-weight: 650;
    line-height: 1.35;
  }

  .featured h3 {
    font-size: var(--_text-l);
  }

  .badge {
    margin-block-end: -8px;
    color: var(--_accent-text);
    font-size: var(--_text-xs);
    font-weight: 600;
  }

  /* The separator before the first fact of a line lies outside and is clipped. */
  .facts {
    overflow: clip;
    overflow-clip-margin: 4px;
  }

  .facts ul {
    display: flex;
    flex-wrap: wrap;
    margin-inline-start: -20px;
    color: var(--_text-muted);
    font-size: var(--_text-s);
    line-height: 1.6;
  }

  .facts li::before {
    content: '·' / '';
    display: inline-block;
    inline-size: 20px;
    margin-inline-start: -20px;
    text-align: center;
  }

  /* A second line begins below the text, not below the separator, which may be clipped. */
  .facts li {
    padding-inline-start: 20px;
  }

  .library {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 8px 16px;
    padding: 8px 12px;
    border-radius: var(--_radius);
    background: var(--_accent-soft);
  }

  .actions {
    column-gap: 16px;
  }

  /* In line with the text where they begin a line. */
  .ghosts {
    margin-inline-start: -11px;
  }

  .ghosts > .button.quiet:first-child {
    margin-inline-start: 0;
  }

  .in-use {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-block-size: 40px;
    padding-inline-end: 8px;
    color: var(--_accent-text);
    font-size: var(--_text-s);
    font-weight: 600;
  }
`;
