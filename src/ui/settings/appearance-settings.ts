import { readLocalSetting, writeLocalSetting } from '../../platform/local-setting.ts';
import { fieldsOf } from '../../platform/untrusted-json.ts';
import { ENTER_KEYS, type EnterKey } from '../contract/chat-options.ts';
import { bestLocale, LOCALES, type Locale } from '../lib/locale.ts';

/** The user's appearance settings, in localStorage. public/before-paint.js applies them before the first paint. */
export interface Appearance {
  readonly language: 'system' | Locale;
  readonly theme: 'system' | 'light' | 'dark';
  readonly contrast: 'system' | 'more';
  /** Shortcuts of one character. Users of speech input, or who press keys by accident, can turn them off. */
  readonly singleKeys: 'on' | 'off';
  /** What Enter does in the composer. */
  readonly enterKey: EnterKey;
  /** Voice controls; they need a browser that synthesises and recognises speech on the device. */
  readonly readAloud: 'on' | 'off';
  readonly dictation: 'on' | 'off';
  readonly textSize: 'small' | 'normal' | 'large' | 'larger';
}

/** Also in public/before-paint.js. */
const KEY = 'alcove-settings';

const DEFAULTS: Appearance = {
  language: 'system',
  theme: 'system',
  contrast: 'system',
  singleKeys: 'on',
  enterKey: 'auto',
  readAloud: 'off',
  dictation: 'off',
  textSize: 'normal',
};

const LANGUAGES: ReadonlySet<unknown> = new Set<Appearance['language']>(['system', ...LOCALES]);
const THEMES: ReadonlySet<unknown> = new Set<Appearance['theme']>(['system', 'light', 'dark']);
const CONTRASTS: ReadonlySet<unknown> = new Set<Appearance['contrast']>(['system', 'more']);
const ENTER_KEY_CHOICES: ReadonlySet<unknown> = new Set(ENTER_KEYS);
const TEXT_SIZES: ReadonlySet<unknown> = new Set<Appearance['textSize']>(['small', 'normal', 'large', 'larger']);

export function readAppearance(): Appearance {
  const stored = fieldsOf(readLocalSetting(KEY));
  const { language, theme, contrast, singleKeys, enterKey, readAloud, dictation, textSize } = {
    ...DEFAULTS,
    ...stored,
  };
  return {
    language: LANGUAGES.has(language) ? language : DEFAULTS.language,
    theme: THEMES.has(theme) ? theme : DEFAULTS.theme,
    contrast: CONTRASTS.has(contrast) ? contrast : DEFAULTS.contrast,
    singleKeys: singleKeys === 'off' ? 'off' : 'on',
    enterKey: ENTER_KEY_CHOICES.has(enterKey) ? enterKey : DEFAULTS.enterKey,
    readAloud: readAloud === 'on' ? 'on' : 'off',
    dictation: dictation === 'on' ? 'on' : 'off',
    textSize: TEXT_SIZES.has(textSize) ? textSize : DEFAULTS.textSize,
  };
}

/** The user has changed the appearance; `applyAppearance` has applied it to the page. */
export class AppearanceChangeEvent extends Event {
  static readonly eventName = 'alcove-appearance-change';
  readonly appearance: Appearance;

  constructor(appearance: Appearance) {
    super(AppearanceChangeEvent.eventName, { bubbles: true, composed: true });
    this.appearance = appearance;
  }
}

declare global {
  interface HTMLElementEventMap {
    'alcove-appearance-change': AppearanceChangeEvent;
  }
}

/** Applies the settings to the page, and stores them where the browser allows it. */
export function applyAppearance(settings: Appearance): void {
  const { language, theme, contrast } = settings;
  const page = document.documentElement;
  // LocaleController follows the page's `lang`; the text direction changes once the language is loaded.
  page.lang = language === 'system' ? bestLocale(navigator.languages) : language;
  const { dataset } = page;
  dataset['theme'] = theme;
  dataset['contrast'] = contrast;
  dataset['singleKeys'] = settings.singleKeys;
  dataset['enterKey'] = settings.enterKey;
  dataset['readAloud'] = settings.readAloud;
  dataset['dictation'] = settings.dictation;
  dataset['textSize'] = settings.textSize;
  // Where storage is forbidden or full the settings hold until the tab is closed.
  writeLocalSetting(KEY, settings);
}
