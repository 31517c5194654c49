import { msg, str } from '@lit/localize';
import type { ChatSettings, SamplingSettings } from '../../chat/settings/chat-settings.ts';
import { SAMPLING_LIMITS, type SamplingNumber } from '../../chat/settings/setting-limits.ts';
import { formatNumber } from '../lib/format.ts';

/** The label of a setting, by its usual name where there is one, and what it does. */
export interface SettingLabels {
  readonly name: string;
  readonly help: string;
}

type Named = SamplingNumber | 'stop' | 'thinking';

const WORDS: Readonly<Record<Named, () => SettingLabels>> = {
  temperature: () => ({
    name: msg('Temperature'),
    help: msg('How freely the model chooses words. 0: always the most likely.'),
  }),
  topP: () => ({
    name: 'Top-p',
    help: msg('Only the most likely tokens that together reach this probability. 1: all.'),
  }),
  topK: () => ({ name: 'Top-k', help: msg('Only this many of the most likely tokens. 0: all.') }),
  minP: () => ({
    name: 'Min-p',
    help: msg('Only tokens at least this likely, relative to the most likely one. 0: all.'),
  }),
  repeatPenalty: () => ({
    name: msg('Repeat penalty'),
    help: msg('Above 1, repeated text becomes less likely. 1: off.'),
  }),
  frequencyPenalty: () => ({
    name: msg('Frequency penalty'),
    help: msg('The more often a token was used, the less likely it is. 0: off.'),
  }),
  presencePenalty: () => ({
    name: msg('Presence penalty'),
    help: msg('Tokens already used become less likely, new topics more likely. 0: off.'),
  }),
  seed: () => ({ name: msg('Seed'), help: msg('The same number gives the same answer to the same question.') }),
  maxTokens: () => ({
    name: msg('Maximum answer length'),
    help: msg('In tokens; a token is about three quarters of a word.'),
  }),
  stop: () => ({
    name: msg('Stop strings'),
    help: msg('One per line. The answer ends before any of them. \\n means a new line.'),
  }),
  thinking: () => ({ name: msg('Thinking'), help: msg('For models that can think before they answer.') }),
};

export function settingLabels(name: Named): SettingLabels {
  return WORDS[name]();
}

/** Stands in a field for which neither the user nor the model says a number. */
export function unsetLabel(name: SamplingNumber): string {
  if (name === 'seed') return msg('random');
  return name === 'maxTokens' ? msg('no limit') : msg('the model’s');
}

export function rangeLabel(name: SamplingNumber): string {
  const { least, most, step, isAboveLeast = false } = SAMPLING_LIMITS[name];
  const [from, to] = [formatNumber(least, 2), formatNumber(most, 2)];
  if (step === 1) return msg(str`A whole number from ${from} to ${to}.`);
  return isAboveLeast ? msg(str`A number above ${from}, up to ${to}.`) : msg(str`A number from ${from} to ${to}.`);
}

export function valueLabel(name: keyof SamplingSettings | 'thinking', settings: ChatSettings): string {
  if (name === 'thinking') return settings.thinking ? msg('on') : msg('off');
  if (name === 'stop') return (settings.sampling?.stop ?? []).map((stop) => JSON.stringify(stop)).join(', ');
  const value = settings.sampling?.[name];
  return value === undefined ? '' : formatNumber(value, 3);
}
