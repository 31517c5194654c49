import { css } from 'lit';

export const codeStyles = css`
  .code {
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    overflow: clip;
    background: var(--_surface-sunken);
  }

  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    min-block-size: 36px;
    padding-inline: 12px 4px;
    color: var(--_text-muted);
    font-size: calc(0.8125 * var(--_rem));
  }

  .language {
    overflow: hidden;
    margin-inline-end: auto;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .language + .limit {
    margin-inline: -8px auto;
  }

  .bar button {
    flex: none;
    min-block-size: 28px;
    padding-inline: 8px;
    border: 0;
    border-radius: 6px;
    background: none;
    color: inherit;
    font: inherit;
    cursor: pointer;
  }

  .bar button:hover,
  .bar button[aria-pressed='true'] {
    background: var(--_hover);
    color: var(--_text);
  }

  pre {
    margin: 0;
    padding: 4px 12px 12px;
    overflow-x: auto;
    line-height: 1.5;
    tab-size: 2;
    text-align: start;
  }

  pre:is(.long, .wrapped) {
    white-space: pre-wrap;
  }

  pre.long code > span {
    display: block;
    content-visibility: auto;
    contain-intrinsic-size: auto 60rem;
  }

  /* At least 4.6:1 on the sunken surface, light and dark; markdown-view.test.ts measures it. */
  .keyword {
    color: light-dark(#7a2f8f, #d3a4ea);
  }

  .string {
    color: light-dark(#22663a, #9ccf9a);
  }

  .comment {
    color: light-dark(#666660, #8f959b);
    font-style: italic;
  }

  .number {
    color: light-dark(#9a4a00, #e8b074);
  }

  .function {
    color: light-dark(#1f5a96, #8cc2f2);
  }

  .type {
    color: light-dark(#0d6468, #74cdc9);
  }

  .attribute {
    color: light-dark(#7a5000, #d9c07c);
  }

  .variable {
    color: light-dark(#a0324f, #f0a3b5);
  }

  .meta {
    color: light-dark(#5c6168, #9da3a9);
  }

  .added {
    color: light-dark(#22663a, #9ccf9a);
    background: light-dark(#e2efe0, #17291c);
  }

  .removed {
    color: light-dark(#99262c, #f2a19d);
    background: light-dark(#f7e4e2, #331c1c);
  }

  @media (pointer: coarse) {
    .bar,
    .bar button {
      min-inline-size: 44px;
      min-block-size: 44px;
    }
  }
`;
