import { html, type TemplateResult } from 'lit';
import type { MessageStatistics } from '../chat/conversation.ts';
import { formatMilliseconds, formatNumber, formatTokensPerSecond } from './format.ts';

/** What an answer took, as rows of a description list. */
export function renderStatistics(statistics: MessageStatistics, modelName: string | undefined): TemplateResult {
  const { decodeTokensPerSecond, prefillTokensPerSecond, reusedTokens } = statistics;
  const rows: (readonly [string, string])[] = [
    ...(decodeTokensPerSecond === undefined ? [] : [['Speed', formatTokensPerSecond(decodeTokensPerSecond)] as const]),
    ['Time to first token', formatMilliseconds(statistics.timeToFirstTokenMs)],
    ['Answer', `${formatNumber(statistics.completionTokens)} tokens`],
    [
      'Prompt',
      `${formatNumber(statistics.promptTokens)} tokens${
        reusedTokens === undefined || reusedTokens === 0 ? '' : `, ${formatNumber(reusedTokens)} reused`
      }`,
    ],
    ...(prefillTokensPerSecond === undefined
      ? []
      : [['Reading the prompt', formatTokensPerSecond(prefillTokensPerSecond)] as const]),
    ...(modelName === undefined ? [] : [['Model', modelName] as const]),
  ];
  return html`<dl class="statistics numbers" part="statistics">
    ${rows.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}
  </dl>`;
}
