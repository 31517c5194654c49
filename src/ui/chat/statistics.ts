import { msg, str } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import type { Message, MessageStatistics } from '../../chat/conversation.ts';
import type { ChatSettings, SamplingSettings } from '../../chat/settings/chat-settings.ts';
import { SAMPLING_LIMITS } from '../../chat/settings/setting-limits.ts';
import { formatMilliseconds, formatNumber, formatTokensPerSecond } from '../lib/format.ts';
import { plural } from '../lib/plural.ts';
import { settingLabels, valueLabel } from '../settings/setting-labels.ts';

/** Fewer tokens say more about the first step than about the speed. */
const LEAST_MEASURED_TOKENS = 4;

/** Reading fewer takes one step, whose time says nothing about the speed. */
const LEAST_READ_TOKENS = 8;

/** Fewer are the beginning that every prompt has in common. */
const LEAST_REUSED_TOKENS = 16;

/** `23 tokens/s`; empty where too little was written to tell. */
export function speedOf({ decodeTokensPerSecond, completionTokens = 0 }: Partial<MessageStatistics> = {}): string {
  if (decodeTokensPerSecond === undefined || completionTokens < LEAST_MEASURED_TOKENS) return '';
  return formatTokensPerSecond(decodeTokensPerSecond);
}

type Row = readonly [term: string, value: string];

/** The statistics of an answer, and the model and settings that made it, as a description list. */
export function renderStatistics(
  statistics: MessageStatistics,
  modelName: string | undefined,
  message?: Message,
): TemplateResult {
  const { prefillTokensPerSecond, reusedTokens, promptTokens, completionTokens } = statistics;
  const speed = speedOf(statistics);
  const prompt = plural(promptTokens, msg('one: # token | other: # tokens'));
  const rows: readonly (Row | undefined)[] = [
    speed === '' ? undefined : [msg('Speed'), speed],
    [msg('Time to first token'), formatMilliseconds(statistics.timeToFirstTokenMs)],
    [msg('Answer'), plural(completionTokens, msg('one: # token | other: # tokens'))],
    [
      msg('Prompt'),
      (reusedTokens ?? 0) >= LEAST_REUSED_TOKENS
        ? msg(str`${prompt}, ${formatNumber(reusedTokens ?? 0)} reused`)
        : prompt,
    ],
    prefillTokensPerSecond === undefined || promptTokens - (reusedTokens ?? 0) < LEAST_READ_TOKENS
      ? undefined
      : [msg('Reading the prompt'), formatTokensPerSecond(prefillTokensPerSecond)],
    modelName === undefined ? undefined : [msg('Model'), modelName],
    message?.engine === undefined ? undefined : [msg('Engine'), ENGINES[message.engine] ?? message.engine],
    message?.device === undefined ? undefined : [msg('Device'), message.device],
    message?.settings === undefined ? undefined : [msg('Settings'), settingsOf(message.settings, message.leftOut)],
    message?.leftOut === undefined
      ? undefined
      : [msg('Ignored by this engine'), message.leftOut.map(nameOf).join(', ')],
  ];
  return html`<dl class="statistics numbers" part="statistics">
    ${rows.map((row) => row && html`<div><dt>${row[0]}</dt><dd>${row[1]}</dd></div>`)}
  </dl>`;
}

/** The settings that took effect, with their values; for a system prompt only that there was one. */
function settingsOf(settings: ChatSettings, leftOut: readonly string[] = []): string {
  const names = [...Object.keys(settings.sampling ?? {}), ...(settings.thinking === undefined ? [] : ['thinking'])];
  const values = names
    .filter((name) => !leftOut.includes(name))
    .map((name) => `${nameOf(name)} ${valueLabel(name as keyof SamplingSettings | 'thinking', settings)}`);
  return (
    [...(settings.systemPrompt === undefined ? [] : [msg('System prompt')]), ...values].join(', ') ||
    msg('the model’s default')
  );
}

const ENGINES: Readonly<Record<string, string>> = { webllm: 'web-llm', wllama: 'llama.cpp (wllama)' };

function nameOf(setting: string): string {
  if (setting === 'tools') return msg('tool calls');
  return setting in SAMPLING_LIMITS || setting === 'stop' || setting === 'thinking'
    ? settingLabels(setting as Parameters<typeof settingLabels>[0]).name
    : setting;
}
