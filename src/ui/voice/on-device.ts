/**
 * Speech recognition and speech synthesis on the device. What the browser would send to its vendor's servers is not used:
 * nothing that the user writes or says leaves the device.
 */

/** See https://webaudio.github.io/web-speech-api/; TypeScript's library has only the types of the results. */
export interface Recognition extends EventTarget {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  processLocally: boolean;
  start(): void;
  stop(): void;
  abort(): void;
}

interface RecognitionClass {
  new (): Recognition;
  readonly prototype: Recognition;
  available(options: { langs: readonly string[]; processLocally: boolean }): Promise<Availability>;
  install(options: { langs: readonly string[]; processLocally: boolean }): Promise<boolean>;
}

export type Availability = 'available' | 'downloadable' | 'downloading' | 'unavailable';

/** The recognition class of a browser that can recognise speech locally. */
function recognitionClass(): RecognitionClass | undefined {
  const { SpeechRecognition, webkitSpeechRecognition } = globalThis as {
    SpeechRecognition?: RecognitionClass;
    webkitSpeechRecognition?: RecognitionClass;
  };
  const found = SpeechRecognition ?? webkitSpeechRecognition;
  return found !== undefined && 'available' in found && 'processLocally' in found.prototype ? found : undefined;
}

/** The user's language with its region: what they are likely to speak. */
export function spokenLanguage(): string {
  return navigator.language;
}

export async function recognitionAvailability(): Promise<Availability> {
  try {
    return (await recognitionClass()?.available({ langs: [spokenLanguage()], processLocally: true })) ?? 'unavailable';
  } catch {
    // The browser does not know the language.
    return 'unavailable';
  }
}

/** Asks the browser to download what it needs to recognise the user's language on the device. */
export async function installRecognition(): Promise<boolean> {
  return (await recognitionClass()?.install({ langs: [spokenLanguage()], processLocally: true })) ?? false;
}

/** @throws Error where `recognitionAvailability` is not `available` */
export function localRecognition(): Recognition {
  const Class = recognitionClass();
  if (Class === undefined) throw new Error('no recognition on the device');
  const recognition = new Class();
  recognition.lang = spokenLanguage();
  recognition.continuous = true;
  recognition.interimResults = false;
  recognition.processLocally = true;
  return recognition;
}

/** Longest wait for the browser's list of voices, in ms: some fill it later, some have no voices. */
const VOICES_MS = 1_500;

/** The voices that synthesise speech on the device. */
export async function localVoices(): Promise<readonly SpeechSynthesisVoice[]> {
  if (!('speechSynthesis' in globalThis)) return [];
  if (speechSynthesis.getVoices().length === 0) {
    await new Promise((resolve) => {
      speechSynthesis.addEventListener('voiceschanged', resolve, { once: true });
      setTimeout(resolve, VOICES_MS);
    });
  }
  return speechSynthesis.getVoices().filter(({ localService }) => localService);
}

/** A text's language where its script determines it; else undefined. */
export function languageByScript(text: string): string | undefined {
  const scripts = [
    ['ja', /[\p{Script=Hiragana}\p{Script=Katakana}]/u],
    ['zh', /\p{Script=Han}/u],
    ['ar', /\p{Script=Arabic}/u],
    ['ko', /\p{Script=Hangul}/u],
    ['ru', /\p{Script=Cyrillic}/u],
    ['el', /\p{Script=Greek}/u],
    ['he', /\p{Script=Hebrew}/u],
    ['hi', /\p{Script=Devanagari}/u],
  ] as const;
  return scripts.find(([, script]) => script.test(text))?.[0];
}

/** The voice for a text; undefined when no voice has the text's language. */
export function voiceFor<Voice extends Pick<SpeechSynthesisVoice, 'lang' | 'default'>>(
  text: string,
  voices: readonly Voice[],
  uiLanguage: string,
): Voice | undefined {
  const language = languageByScript(text) ?? uiLanguage;
  const speaks = (tag: string): readonly Voice[] =>
    voices.filter(({ lang }) => lang.toLowerCase().split(/[-_]/)[0] === tag.toLowerCase().split('-')[0]);
  const found = speaks(language);
  return found.find((voice) => voice.default) ?? found[0];
}
