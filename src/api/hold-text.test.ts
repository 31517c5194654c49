import { expect, test } from 'vitest';
import type { FinishReason } from '../engine/engine.ts';
import { ReasoningParser } from '../engine/stream/reasoning-parser.ts';
import { drain } from '../engine/testing/calls.ts';
import { madeUpRecord } from '../models/testing/made-up.ts';
import type { RuntimeEvent } from '../session/runtime/runtime-event.ts';
import { holdText, mayBeReasoning } from './hold-text.ts';

const FINISH = { type: 'finish', reason: 'stop' as FinishReason } as const;

/** What a client gets of a completion that comes word by word, and how much of it before the end. */
async function sent(completion: string, before: readonly RuntimeEvent[] = []) {
  const parser = new ReasoningParser();
  const events: RuntimeEvent[] = [...before];
  for (const piece of completion.match(/\S+\s*|\s+/g) ?? []) events.push(...parser.push(piece));
  events.push(...parser.end(), FINISH);
  let isEnded = false;
  let early = 0;
  const source = (async function* () {
    for (const event of events) {
      isEnded = event === FINISH;
      yield event;
    }
  })();
  const got = await drain(holdText(source), () => {
    if (!isEnded) early++;
  });
  const textOf = (type: RuntimeEvent['type']): string =>
    got.map((event) => (event.type === type && 'text' in event ? event.text : '')).join('');
  return {
    text: textOf('text-delta'),
    reasoning: textOf('reasoning-delta').trim(),
    types: got.map(({ type }) => type),
    early,
  };
}

test('reasoning that the prompt has opened never comes as text', async () => {
  const { text, reasoning, types, early } = await sent('I add two and two.\n</think>\n\nIt is four, I think.');
  expect({ text, reasoning }).toEqual({ text: 'It is four, I think.', reasoning: 'I add two and two.' });
  expect(types).not.toContain('text-was-reasoning');
  // What follows streams.
  expect(early).toBeGreaterThan(5);
});

test('an answer that opens its reasoning itself streams from the first word', async () => {
  const { text, reasoning, early } = await sent('<think>\nI add.\n</think>\n\nIt is four.');
  expect({ text, reasoning }).toEqual({ text: 'It is four.', reasoning: 'I add.' });
  expect(early).toBeGreaterThan(3);
});

test('an answer without reasoning comes whole at its end', async () => {
  const { text, reasoning, early } = await sent('It is four.');
  expect({ text, reasoning, early }).toEqual({ text: 'It is four.', reasoning: '', early: 0 });
});

test('text of an engine that was lost is dropped while nothing of it was sent', async () => {
  const restart: RuntimeEvent = { type: 'restart', siblingId: 's', keepAsSibling: (conversation) => conversation };
  const { text } = await sent('It is four.', [{ type: 'text-delta', text: 'It is fi' }, restart]);
  expect(text).toBe('It is four.');
});

test('text is held only for a model that thinks, on an engine that does not know its template', () => {
  const thinks = madeUpRecord({ engine: 'webllm', abilities: ['chat', 'thinking'] });
  const request = { messages: [] };
  expect(mayBeReasoning(thinks, request)).toBe(true);
  expect(mayBeReasoning({ ...thinks, engine: 'wllama' }, request)).toBe(false);
  expect(mayBeReasoning({ ...thinks, abilities: ['chat'] }, request)).toBe(false);
  for (const off of [{ thinking: false }, { continueLast: true }, { rawPrompt: true }]) {
    expect(mayBeReasoning(thinks, { ...request, ...off })).toBe(false);
  }
});
