/** What a person has set about the look of the app. Kept in localStorage; public/before-paint.js applies it before the first paint. */
export interface Settings {
  readonly theme: 'system' | 'light' | 'dark';
  readonly textSize: 'small' | 'normal' | 'large' | 'larger';
}

/** Known to public/before-paint.js too. */
const KEY = 'alcove-settings';

const DEFAULTS: Settings = { theme: 'system', textSize: 'normal' };

const THEMES: ReadonlySet<unknown> = new Set<Settings['theme']>(['system', 'light', 'dark']);
const TEXT_SIZES: ReadonlySet<unknown> = new Set<Settings['textSize']>(['small', 'normal', 'large', 'larger']);

export function readSettings(): Settings {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return DEFAULTS;
    const { theme, textSize } = { ...DEFAULTS, ...stored };
    return {
      theme: THEMES.has(theme) ? theme : DEFAULTS.theme,
      textSize: TEXT_SIZES.has(textSize) ? textSize : DEFAULTS.textSize,
    };
  } catch {
    // No storage, or something else in it: the defaults do.
    return DEFAULTS;
  }
}

/** Applies the settings to the page, and keeps them if the browser lets us. */
export function applySettings(settings: Settings): void {
  const { dataset } = document.documentElement;
  dataset['theme'] = settings.theme;
  dataset['textSize'] = settings.textSize;
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // They hold until the tab is closed.
  }
}
