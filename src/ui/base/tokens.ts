import { css } from 'lit';

/**
 * Design tokens. A page sets the public properties, `--alcove-…`; components read the private ones, `--_…`, which every
 * shadow root below the host inherits. Dark mode changes values, not rules: `light-dark()` follows `color-scheme`, which
 * is `--alcove-color-scheme` or the page's.
 *
 * All text and all that grows with it follow `--alcove-font-size`: components write `calc(2 * var(--_rem))` where a page of
 * their own would write `2rem`, because a host page may set any size on its root.
 *
 * Measured contrast against the surface behind: text 15:1, muted text at least 5:1, edges of controls 3:1.
 */
export const tokens = css`
  :host {
    color-scheme: var(--alcove-color-scheme, inherit);

    --_surface: var(--alcove-surface, light-dark(#fcfcfa, #151719));
    --_surface-raised: var(--alcove-surface-raised, light-dark(#ffffff, #1d2023));
    --_surface-sunken: var(--alcove-surface-sunken, light-dark(#f3f3ef, #101214));
    --_hover: var(--alcove-hover, light-dark(#ebebe6, #272b2f));
    --_text: var(--alcove-text, light-dark(#1c1e21, #e6e7e4));
    --_text-muted: var(--alcove-text-muted, light-dark(#5c6168, #9da3a9));
    --_border: var(--alcove-border, light-dark(#e2e2dc, #2c3034));
    --_border-strong: var(--alcove-border-strong, light-dark(#85898f, #6f757c));
    --_accent: var(--alcove-accent, light-dark(#1f6357, #6cc3b1));
    --_on-accent: var(--alcove-on-accent, light-dark(#ffffff, #0c201c));
    --_accent-text: var(--alcove-accent-text, light-dark(#1b5a4f, #7fd0bf));
    --_accent-soft: var(--alcove-accent-soft, light-dark(#e6f0ed, #1b2d2a));
    --_question: var(--alcove-question, light-dark(#eaf0ed, #22302d));
    --_search-highlight: var(--alcove-search-highlight, light-dark(#b9ddd2, #2b5a50));
    --_danger: var(--alcove-danger, light-dark(#a4262c, #f29a96));
    --_danger-soft: var(--alcove-danger-soft, light-dark(#fbeceb, #33201f));
    --_warning: var(--alcove-warning, light-dark(#7a4d00, #e5b567));
    --_warning-soft: var(--alcove-warning-soft, light-dark(#fbf2e0, #2e2617));
    --_success: var(--alcove-success, light-dark(#1f6357, #6cc3b1));

    --_font: var(--alcove-font, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif);
    --_font-mono: var(--alcove-font-mono, ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, monospace);
    --_text-m: var(--alcove-font-size, 1.0625rem);
    --_rem: calc(var(--_text-m) / 1.0625);
    --_text-xs: calc(0.8125 * var(--_rem));
    --_text-s: calc(0.9375 * var(--_rem));
    --_text-l: calc(1.375 * var(--_rem));
    --_text-xl: calc(1.75 * var(--_rem));

    --_radius: var(--alcove-radius, 8px);
    --_radius-large: var(--alcove-radius-large, 14px);
    --_column: var(--alcove-column, calc(44 * var(--_rem)));
    --_shadow: var(--alcove-shadow, 0 4px 24px light-dark(rgb(20 24 28 / 12%), rgb(0 0 0 / 45%)));
    --_motion: 150ms ease-out;

    color: var(--_text);
    font-family: var(--_font);
    font-size: var(--_text-m);
    line-height: 1.6;
    -webkit-text-size-adjust: 100%;
    text-size-adjust: 100%;
  }

  @media (prefers-contrast: more) {
    :host {
      --_text-muted: var(--_text);
      --_border: var(--_border-strong);
    }
  }

  @media (prefers-reduced-motion: reduce) {
    :host {
      --_motion: 0s;
    }
  }
`;
