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
    help: msg('Higher makes answers more varied; 0 always picks the most likely word.'),
  }),
  topP: () => ({
    name: 'Top-p',
    help: msg('Considers only the most likely tokens that add up to this probability. 1 considers all.'),
  }),
  topK: () => ({ name: 'Top-k', help: msg('Considers only this many of the most likely tokens. 0 considers all.') }),
  minP: () => ({
    name: 'Min-p',
    help: msg('Drops tokens less likely than this share of the most likely one. 0 drops none.'),
  }),
  repeatPenalty: () => ({
    name: msg('Repeat penalty'),
    help: msg('Above 1, the model repeats itself less. 1 is off.'),
  }),
  frequencyPenalty: () => ({
    name: msg('Frequency penalty'),
    help: msg('Makes words rarer the more often they were used. 0 is off.'),
  }),
  presencePenalty: () => ({
    name: msg('Presence penalty'),
    help: msg('Favours new topics over words already used. 0 is off.'),
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
