import { msg, str } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import type { MessageStatistics } from '../chat/conversation.ts';
import { formatMilliseconds, formatNumber, formatTokensPerSecond } from './format.ts';
import { plural } from './phrases.ts';

/** What an answer took, as rows of a description list. */
export function renderStatistics(statistics: MessageStatistics, modelName: string | undefined): TemplateResult {
  const { decodeTokensPerSecond, prefillTokensPerSecond, reusedTokens } = statistics;
  const prompt = plural(statistics.promptTokens, msg('one: # token | other: # tokens'));
  const rows: (readonly [string, string])[] = [
    ...(decodeTokensPerSecond === undefined
      ? []
      : [[msg('Speed'), formatTokensPerSecond(decodeTokensPerSecond)] as const]),
    [msg('Time to first token'), formatMilliseconds(statistics.timeToFirstTokenMs)],
    [msg('Answer'), plural(statistics.completionTokens, msg('one: # token | other: # tokens'))],
    [
      msg('Prompt'),
      reusedTokens === undefined || reusedTokens === 0
        ? prompt
        : msg(str`${prompt}, ${formatNumber(reusedTokens)} reused`),
    ],
    ...(prefillTokensPerSecond === undefined
      ? []
      : [[msg('Reading the prompt'), formatTokensPerSecond(prefillTokensPerSecond)] as const]),
    ...(modelName === undefined ? [] : [[msg('Model'), modelName] as const]),
  ];
  return html`<dl class="statistics numbers" part="statistics">
    ${rows.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}
  </dl>`;
}
