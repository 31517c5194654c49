import { msg } from '@lit/localize';
import { css, html, type TemplateResult } from 'lit';
import { IS_MAC, type Shortcut } from './shortcuts.ts';

/** The keys of a shortcut, by their labels on the keyboard. */
export function shortcutKeys({ key, mod, shift, alt }: Shortcut): TemplateResult {
  const names = [
    ...(alt === true ? [IS_MAC ? '⌥' : msg('Alt')] : []),
    ...(shift === true ? [IS_MAC ? '⇧' : msg('Shift')] : []),
    ...(mod === true ? [IS_MAC ? '⌘' : msg('Ctrl')] : []),
    keyName(key),
  ];
  // Always left to right: the order in which the keys are pressed.
  const ordered = mod === true && shift === true && !IS_MAC ? [names[1], names[0], names[2]] : names;
  return html`<span class="keys" dir="ltr">${ordered.map((name) => html`<kbd>${name}</kbd>`)}</span>`;
}

function keyName(key: string): string {
  const names: Readonly<Record<string, string>> = {
    escape: msg('Esc'),
    enter: msg('Enter'),
    arrowup: '↑',
    arrowdown: '↓',
  };
  return names[key] ?? key.toUpperCase();
}

export const shortcutKeysStyles = css`
  .keys {
    display: inline-flex;
    gap: 4px;
    flex: none;
  }

  kbd {
    min-inline-size: 1.75em;
    padding: 1px 6px;
    border: 1px solid var(--_border-strong);
    border-radius: 5px;
    background: var(--_surface);
    color: var(--_text-muted);
    font: inherit;
    font-size: var(--_text-xs);
    line-height: 1.5;
    text-align: center;
  }
`;
