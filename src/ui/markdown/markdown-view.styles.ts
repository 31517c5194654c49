import { css } from 'lit';

export const markdownStyles = css`
  :host {
    display: block;
    overflow-wrap: anywhere;
  }

  /* Only with several parts: a short answer is laid out as a whole. */
  .part:nth-last-child(n + 3) {
    content-visibility: auto;
    contain-intrinsic-size: auto 50rem;
  }

  :is(p, ul, ol, blockquote, .table, .code, h3, h4, h5, h6, hr) {
    margin-block: 0 0.75em;
  }

  .part:last-child > :last-child {
    margin-block-end: 0;
  }

  :is(h3, h4, h5, h6) {
    margin-block: 1.25em 0.5em;
    line-height: 1.3;
    font-weight: 650;
    font-size: 1em;
  }

  h3 {
    font-size: 1.294em;
  }

  h4 {
    font-size: 1.118em;
  }

  .part:first-child > :is(h3, h4, h5, h6):first-child {
    margin-block-start: 0;
  }

  :is(ul, ol) {
    padding-inline-start: 1.625em;
  }

  li {
    margin-block: 0.25em;
    padding-inline-start: 0.125em;
  }

  li > :is(p, ul, ol, .code) {
    margin-block: 0.25em;
  }

  /* Text direction is per block; alignment follows the surrounding block. */
  :is(li, td, th),
  :is(li, blockquote) p,
  .note > p {
    unicode-bidi: plaintext;
    text-align: -webkit-match-parent;
    text-align: match-parent;
  }

  li::marker {
    color: var(--_text-muted);
  }

  .task {
    list-style: none;
    margin-inline-start: -1.5em;
  }

  .box {
    display: inline-block;
    box-sizing: border-box;
    inline-size: 1em;
    block-size: 1em;
    margin-inline-end: 0.5em;
    border: 1.5px solid var(--_text-muted);
    border-radius: 3px;
    vertical-align: -0.15em;
  }

  .box.checked {
    background: var(--_text-muted);
  }

  .box.checked::after {
    content: '✓' / '';
    display: block;
    color: var(--_surface);
    font-size: 0.75em;
    font-weight: 700;
    line-height: 1.1;
    text-align: center;
  }

  blockquote {
    margin-inline: 0;
    padding-inline-start: 1em;
    border-inline-start: 3px solid var(--_border);
    color: var(--_text-muted);
  }

  blockquote > :last-child {
    margin-block-end: 0;
  }

  [hidden] {
    display: none;
  }

  .verbatim {
    white-space: pre-wrap;
  }

  hr {
    border: 0;
    border-block-start: 1px solid var(--_border);
    margin-block: 1.5em;
  }

  a {
    color: var(--_accent-text);
    text-decoration: underline;
    text-decoration-thickness: 1px;
    text-underline-offset: 0.18em;
    border-radius: 2px;
  }

  .link-host {
    color: var(--_text-muted);
    font-size: 0.824em;
  }

  .picture {
    display: inline-block;
    padding: 0.25em 0.625em;
    border: 1px dashed var(--_border-strong);
    border-radius: var(--_radius);
    color: var(--_text-muted);
    font-size: 0.882em;
  }

  img {
    max-inline-size: 100%;
    block-size: auto;
    border-radius: var(--_radius);
  }

  code {
    font-family: var(--_font-mono);
    font-size: 0.882em;
  }

  :not(pre) > code {
    padding: 0.125em 0.3em;
    border-radius: 4px;
    background: var(--_surface-sunken);
  }

  sup,
  sub {
    line-height: 0;
  }

  details {
    padding-inline-start: 1.1em;
  }

  summary {
    margin-inline-start: -1.1em;
    cursor: pointer;
  }

  kbd {
    padding: 0.125em 0.4em;
    border: 1px solid var(--_border);
    border-block-end-width: 2px;
    border-radius: 4px;
    background: var(--_surface-sunken);
    font-family: var(--_font-mono);
    font-size: 0.882em;
  }

  .note-mark,
  .note-back {
    min-inline-size: 24px;
    min-block-size: 24px;
    padding: 0 4px;
    border: 0;
    border-radius: 6px;
    background: none;
    color: var(--_accent-text);
    font: inherit;
    font-variant-numeric: tabular-nums;
    cursor: pointer;
  }

  /* Inline targets are as wide as their text: WCAG 2.2 exempts targets in a sentence from the minimum size. */
  .note-mark {
    min-inline-size: 0;
    padding-inline: 2px;
  }

  .note-mark:hover,
  .note-back:hover {
    background: var(--_hover);
  }

  .note {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    column-gap: 6px;
    margin-block-end: 0.5em;
    color: var(--_text-muted);
    font-size: 0.882em;
  }

  .note > * {
    grid-column: 2;
  }

  .note > .note-back {
    grid-column: 1;
    grid-row: 1;
    align-self: start;
  }

  .note > :last-child {
    margin-block-end: 0;
  }

  [role='link'] {
    cursor: pointer;
  }

  .asks {
    text-decoration-style: dotted;
  }

  .limit {
    color: var(--_text-muted);
    font-size: 0.882em;
    font-style: italic;
  }

  .formula.display {
    display: block;
    overflow: auto hidden;
    padding-block: 4px;
    text-align: center;
  }

  .source {
    font-family: var(--_font-mono);
    font-size: 0.882em;
    line-height: 1.5;
  }

  .rest {
    white-space: pre-wrap;
  }

  .rest > span {
    display: block;
    content-visibility: auto;
    contain-intrinsic-size: auto 40rem;
  }

  .rest > span:only-child {
    content-visibility: visible;
  }

  .table {
    overflow-x: auto;
  }

  /* On a phone it is wider than the screen, and scrolls, rather than break each cell into many lines. */
  table {
    inline-size: max-content;
    max-inline-size: max(100%, 32em);
    border-collapse: collapse;
    font-size: 0.941em;
    font-variant-numeric: tabular-nums;
  }

  :is(th, td) {
    padding: 6px 12px;
    border-block-end: 1px solid var(--_border);
    vertical-align: top;
    overflow-wrap: normal;
  }

  :is(th, td):first-child {
    padding-inline-start: 0;
  }

  th {
    font-weight: 650;
    border-block-end-color: var(--_border-strong);
  }

  .center {
    text-align: center;
  }

  .right {
    text-align: end;
  }

  :focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }

  @media (pointer: coarse) {
    .note-back {
      min-inline-size: 44px;
      min-block-size: 44px;
    }
  }
`;
