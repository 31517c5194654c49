import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Message } from '../conversation.ts';
import { textParts } from '../message-parts.ts';
import { answerReserve, contextUse, fits, tokensOf, tokensOfParts } from './context-window.ts';
import { nextSummary } from './next-summary.ts';
import { type PromptTurn, promptFor } from './prompt.ts';
import { estimatePromptTokens, estimateTokens, estimateToolTokens } from './token-estimate.ts';

function message(id: string, role: Message['role'], text: string, more: Partial<Message> = {}): Message {
  return { id, parentId: undefined, role, parts: textParts(text), status: 'complete', createdAt: 1, ...more };
}

function pathOf(count: number, words = 20): Message[] {
  return Array.from({ length: count }, (_, index) =>
    message(`m${index}`, index % 2 === 0 ? 'user' : 'assistant', `word${index} `.repeat(words)),
  );
}

function statistics(promptTokens: number, completionTokens: number) {
  return {
    promptTokens,
    completionTokens,
    reusedTokens: undefined,
    timeToFirstTokenMs: 1,
    prefillTokensPerSecond: undefined,
    decodeTokensPerSecond: undefined,
  };
}

const roles = fc.constantFrom<Message['role']>('user', 'assistant', 'summary');
const paths = fc
  .array(fc.record({ role: roles, text: fc.string(), through: fc.nat(), isWhole: fc.boolean() }), { maxLength: 14 })
  .map((drafts) =>
    drafts.map(({ role, text, through, isWhole }, index) =>
      message(`m${index}`, role, text, {
        status: isWhole ? 'complete' : 'stopped',
        ...(index > 0 && { parentId: `m${index - 1}` }),
        ...(role === 'summary' && index > 0 && { throughId: `m${through % index}` }),
      }),
    ),
  );

function beginsWith(longer: readonly PromptTurn[], shorter: readonly PromptTurn[]): boolean {
  return shorter.every(({ role, content }, index) => {
    const other = longer[index];
    // The last turn may have been joined with what follows it.
    const isLast = index === shorter.length - 1;
    return other?.role === role && (isLast ? other.content.startsWith(content) : other.content === content);
  });
}

test('the prompt of a longer path starts with that of the shorter one, unless a summary comes between', () => {
  fc.assert(
    fc.property(paths, fc.nat(), fc.string(), (path, cut, system) => {
      const at = path.length === 0 ? 0 : cut % path.length;
      fc.pre(!path.slice(at).some(({ role }) => role === 'summary'));
      expect(beginsWith(promptFor(path, system), promptFor(path.slice(0, at), system))).toBe(true);
    }),
  );
});

test('a second answer uses the same prompt, and an edited question keeps the prompt before it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.string(), fc.string(), (turns, system, edited) => {
      const path = pathOf(2 * turns - 1, 3);
      const sent = promptFor(path, system);
      expect(promptFor([...path], system)).toEqual(sent);
      const question = path.at(-1);
      const other = question === undefined ? path : [...path.slice(0, -1), { ...question, parts: textParts(edited) }];
      expect(promptFor(other, system).slice(0, -1)).toEqual(sent.slice(0, -1));
      // And the next prompt starts with what was sent and answered.
      expect(beginsWith(promptFor([...path, message('a', 'assistant', 'yes')], system), sent)).toBe(true);
    }),
  );
});

test('the system prompt and the newest complete summary share the first turn; a truncated summary is not used', () => {
  const path = [...pathOf(4), message('s', 'summary', 'Notes.', { throughId: 'm1' }), message('q', 'user', 'Next?')];
  const prompt = promptFor(path, 'Be brief.');
  expect(prompt[0]).toEqual({ role: 'system', content: 'Be brief.\n\nSummary of the conversation so far:\nNotes.' });
  expect(prompt.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
  const broken = path.map((one) => (one.role === 'summary' ? { ...one, status: 'stopped' as const } : one));
  expect(promptFor(broken, 'Be brief.').slice(1)).toEqual(promptFor(broken.filter(({ role }) => role !== 'summary')));
});

test('the engine’s token count is used unchanged, and later text is estimated at the same ratio', () => {
  const path = [...pathOf(1), message('a', 'assistant', 'Yes.', { statistics: statistics(200, 10) })];
  const use = contextUse(path);
  expect(use).toMatchObject({ usedTokens: 210, isEstimated: false });
  // The tokenizer makes more of the same words than the rough count does.
  expect(use.factor).toBeGreaterThan(1.5);
  const later = contextUse([...path, message('q', 'user', 'And then what happens?')]);
  expect(later.isEstimated).toBe(true);
  expect(later.usedTokens).toBeGreaterThan(210);
  expect(tokensOf('And then what happens?', use)).toBeGreaterThan(0);
  expect(contextUse([])).toMatchObject({ usedTokens: 0, isEstimated: false });
});

test('reasoning is not sent again, so it does not stay in the window', () => {
  const thought = message('a', 'assistant', 'Yes.', {
    parts: textParts('Yes.', 'x '.repeat(400)),
    statistics: statistics(100, 500),
  });
  expect(contextUse([...pathOf(1), thought]).usedTokens).toBeLessThan(500);
});

test('a changed system prompt makes the whole prompt an estimate again', () => {
  const path = [...pathOf(1), message('a', 'assistant', 'Yes.', { statistics: statistics(200, 10) })];
  const use = contextUse(path, 'A long system prompt. '.repeat(20));
  expect(use.isEstimated).toBe(true);
  expect(use.usedTokens).toBeGreaterThan(300);
});

test('an estimate grows with the text, and is zero for an empty text', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      expect(estimateTokens(one + other)).toBeCloseTo(estimateTokens(one) + estimateTokens(other));
      expect(estimateTokens(one)).toBeGreaterThanOrEqual(0);
    }),
  );
  expect(estimateTokens('')).toBe(0);
});

test('space is reserved for an answer, at most its maximum length', () => {
  expect(answerReserve(4096)).toBe(512);
  expect(answerReserve(1024)).toBe(128);
  expect(answerReserve(4096, 20)).toBe(20);
  expect(fits(4096 - 512, 4096)).toBe(true);
  expect(fits(4096 - 511, 4096)).toBe(false);
});

test('a summary replaces the oldest part, leaves the newest turns, and its own prompt fits the window', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 40 }),
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 300, max: 3000 }),
      (count, words, window) => {
        const path = pathOf(count, words);
        const step = nextSummary(path, 'Be brief.', window);
        if (step === undefined) return;
        const through = path.findIndex(({ id }) => id === step.throughId);
        expect(path[through]?.role).toBe('assistant');
        expect(estimatePromptTokens(step.prompt) + step.maxTokens).toBeLessThanOrEqual(window + 1);
        // The chat's own prompt is its beginning: the KV cache serves.
        expect(beginsWith(promptFor(path, 'Be brief.'), step.prompt.slice(0, -1))).toBe(true);
        const after = [...path, message('s', 'summary', 'Notes.', { throughId: step.throughId })];
        expect(estimatePromptTokens(promptFor(after))).toBeLessThan(estimatePromptTokens(promptFor(path)) + 20);
      },
    ),
  );
});

test('repeated summaries make any imported chat fit the window, unless a single exchange exceeds it', () => {
  let path = pathOf(200, 30);
  let steps = 0;
  for (let step = nextSummary(path, '', 1000); step !== undefined; step = nextSummary(path, '', 1000)) {
    path = [...path, message(`s${steps}`, 'summary', 'Notes.', { throughId: step.throughId })];
    steps += 1;
    if (fits(contextUse(path).usedTokens, 1000)) break;
  }
  expect(steps).toBeGreaterThan(1);
  expect(fits(contextUse(path).usedTokens, 1000)).toBe(true);
  expect(nextSummary(pathOf(2, 5_000), '', 1000)).toBeUndefined();
});

test('descriptions of tools count: with the estimate, and as more or less than the engine has counted', () => {
  const parameters = { type: 'object', properties: { city: { type: 'string' } } };
  const toolTokens = estimateToolTokens([{ name: 'get_weather', description: 'The weather of a city', parameters }]);
  expect(estimateToolTokens([])).toBe(0);
  expect(toolTokens).toBeGreaterThan(90);
  const question = message('q', 'user', 'What is the weather in Lima?');
  const bare = contextUse([question]).usedTokens;
  expect(contextUse([question], '', toolTokens).usedTokens).toBe(bare + toolTokens);
  // The engine counts exactly what was estimated, tools included: so the estimate of the next message is right.
  const counted = estimatePromptTokens(promptFor([question])) + toolTokens;
  const answer = message('a', 'assistant', 'Rain.', { statistics: statistics(counted, 3), toolTokens });
  const now = contextUse([question, answer], '', toolTokens);
  expect(now).toMatchObject({ isEstimated: false, usedTokens: Math.round(counted + 3) });
  expect(now.factor).toBeCloseTo(1);
  // The page has taken the tool away, or added another one.
  expect(contextUse([question, answer]).usedTokens).toBe(Math.round(counted + 3 - toolTokens));
  expect(contextUse([question, answer], '', 2 * toolTokens)).toMatchObject({
    isEstimated: true,
    usedTokens: Math.round(counted + 3 + toolTokens),
  });
});

test('images count by what the model takes for one, and by the engine once it has counted them', () => {
  const image = { type: 'image', name: 'cat.png', mediaType: 'image/png', sha256: 'c1' } as const;
  const question = { ...message('q', 'user', ''), parts: [image, ...textParts('A cat?')] };
  const bare = contextUse([message('q', 'user', 'A cat?')]).usedTokens;
  expect(contextUse([question], '', 0, 500).usedTokens).toBe(bare + 500);
  expect(contextUse([question]).usedTokens).toBeLessThan(bare + 20);
  // It took 200, and the ratio of the tokenizer is not made of the difference.
  const answer = message('a', 'assistant', 'Yes.', { statistics: statistics(bare + 200, 3) });
  expect(contextUse([question, answer], '', 0, 500)).toMatchObject({ usedTokens: bare + 203, factor: 1 });
  const next = { ...question, id: 'q2' };
  expect(contextUse([question, answer, next], '', 0, 500).usedTokens).toBe(bare + 203 + bare + 500);
  expect(tokensOfParts(question.parts, contextUse([]), 500)).toBeGreaterThan(500);
});
