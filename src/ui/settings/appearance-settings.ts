import { readLocalSetting, writeLocalSetting } from '../../platform/local-setting.ts';
import { fieldsOf } from '../../platform/untrusted-json.ts';
import { bestLocale, LOCALES, type Locale } from '../lib/locale.ts';

/** What a person has set about the look of the app. Kept in localStorage; public/before-paint.js applies it before the first paint. */
export interface Appearance {
  readonly language: 'system' | Locale;
  readonly theme: 'system' | 'light' | 'dark';
  readonly contrast: 'system' | 'more';
  /** Shortcuts that are one character; whoever speaks to the computer or presses keys by accident switches them off. */
  readonly singleKeys: 'on' | 'off';
  /** Buttons that are there only where the browser speaks and listens on the device. */
  readonly readAloud: 'on' | 'off';
  readonly dictation: 'on' | 'off';
  readonly textSize: 'small' | 'normal' | 'large' | 'larger';
}

/** Known to public/before-paint.js too. */
const KEY = 'alcove-settings';

const DEFAULTS: Appearance = {
  language: 'system',
  theme: 'system',
  contrast: 'system',
  singleKeys: 'on',
  readAloud: 'off',
  dictation: 'off',
  textSize: 'normal',
};

const LANGUAGES: ReadonlySet<unknown> = new Set<Appearance['language']>(['system', ...LOCALES]);
const THEMES: ReadonlySet<unknown> = new Set<Appearance['theme']>(['system', 'light', 'dark']);
const CONTRASTS: ReadonlySet<unknown> = new Set<Appearance['contrast']>(['system', 'more']);
const TEXT_SIZES: ReadonlySet<unknown> = new Set<Appearance['textSize']>(['small', 'normal', 'large', 'larger']);

export function readAppearance(): Appearance {
  const stored = fieldsOf(readLocalSetting(KEY));
  const { language, theme, contrast, singleKeys, readAloud, dictation, textSize } = { ...DEFAULTS, ...stored };
  return {
    language: LANGUAGES.has(language) ? language : DEFAULTS.language,
    theme: THEMES.has(theme) ? theme : DEFAULTS.theme,
    contrast: CONTRASTS.has(contrast) ? contrast : DEFAULTS.contrast,
    singleKeys: singleKeys === 'off' ? 'off' : 'on',
    readAloud: readAloud === 'on' ? 'on' : 'off',
    dictation: dictation === 'on' ? 'on' : 'off',
    textSize: TEXT_SIZES.has(textSize) ? textSize : DEFAULTS.textSize,
  };
}

/** Applies the settings to the page, and keeps them if the browser lets us. */
export function applyAppearance(settings: Appearance): void {
  const { language, theme, contrast } = settings;
  const page = document.documentElement;
  // Whoever speaks follows the page's language (src/ui/lib/locale.ts); the direction changes with the words.
  page.lang = language === 'system' ? bestLocale(navigator.languages) : language;
  const { dataset } = page;
  dataset['theme'] = theme;
  dataset['contrast'] = contrast;
  dataset['singleKeys'] = settings.singleKeys;
  dataset['readAloud'] = settings.readAloud;
  dataset['dictation'] = settings.dictation;
  dataset['textSize'] = settings.textSize;
  // Where storage is forbidden or full the settings hold until the tab is closed.
  writeLocalSetting(KEY, settings);
}
