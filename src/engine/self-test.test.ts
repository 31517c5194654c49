import { expect, test } from 'vitest';
import { scriptedRecord } from '../models/testing/made-up.ts';
import { abortError, isAbortError } from '../platform/errors.ts';
import type { GenerateCall, GenerateEvent } from './engine.ts';
import { ScriptedEngine } from './scripted/scripted-engine.ts';
import { selfTest } from './self-test.ts';

const { signal } = new AbortController();

/** Writes a text and then nothing, until it is cancelled; `onWritten` is called in between. */
class StuckEngine extends ScriptedEngine {
  readonly #text: string;
  readonly #onWritten: () => void;

  constructor(text: string, onWritten: () => void) {
    super();
    this.#text = text;
    this.#onWritten = onWritten;
  }

  override async *generate(_: GenerateCall, cancel: AbortSignal): AsyncGenerator<GenerateEvent> {
    const aborted = new Promise<void>((resolve) => cancel.addEventListener('abort', () => resolve()));
    if (this.#text !== '') yield { type: 'text-delta', text: this.#text };
    this.#onWritten();
    await aborted;
    throw abortError();
  }
}

async function testCutShort(text: string, expected?: string) {
  const limit = new AbortController();
  const engine = new StuckEngine(text, () => limit.abort());
  const model = scriptedRecord(expected === undefined ? {} : { selfTest: { prompt: 'Sky?', expect: expected } });
  const { status, reason } = await selfTest(engine, { model }, signal, limit.signal);
  return reason ?? status;
}

test('a test that the limit ends judges what was written until then', async () => {
  expect(await testCutShort('')).toBe('undecided');
  expect(await testCutShort('1, 2')).toBe('undecided');
  expect(await testCutShort('1, 2, 3, 4')).toBe('passed');
  expect(await testCutShort('!!!!!!!!!!!!!!!!')).toBe('repetition');
  expect(await testCutShort('The sky', 'The sky is blue.')).toBe('undecided');
  expect(await testCutShort('The cat', 'The sky is blue.')).toBe('other-answer');
});

test('a cancel of the test is no result', async () => {
  const cancel = new AbortController();
  const engine = new StuckEngine('1, 2, 3', () => cancel.abort());
  await expect(selfTest(engine, { model: scriptedRecord() }, cancel.signal)).rejects.toSatisfy(isAbortError);
});
