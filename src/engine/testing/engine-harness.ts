import { expect } from 'vitest';
import type { ModelRecord } from '../../models/model-record.ts';
import type { Engine, GenerateEvent, LoadProgress } from '../engine.ts';
import { ask } from './calls.ts';

/** What the contract suite must know of an engine. Its model answers the toy model's prompts. */
export interface EngineHarness {
  /** A fresh engine with nothing loaded. */
  readonly create: () => Engine | Promise<Engine>;
  readonly model: ModelRecord;
  /** A model whose files are not stored, where the engine reads files. */
  readonly missingModel?: ModelRecord;
  /** A second model that the engine can load; where one is at hand. */
  readonly otherModel?: ModelRecord;
  /** Ends the worker as a crash would, without a word. */
  readonly kill?: (engine: Engine) => void;
  /** Makes the worker loop forever, with watchdog limits of at most 3 s. */
  readonly hang?: (engine: Engine) => void;
  /** Loses the GPU device. */
  readonly loseDevice?: (engine: Engine) => void;
  /** Nothing is loaded on this device: a load has no phase except `ready`. */
  readonly isRemote?: boolean;
  /** ms that a load or a whole answer may take; default 60,000. */
  readonly slowMs?: number;
}

/** A dead worker, once it is noticed, ends its calls within this. */
export const NOTICE_MS = 5_000;

export const CAPITAL = ask('What is the capital of France?');
export const CAPITAL_ANSWER = 'The capital of France is Paris.';
export const STORY = ask('Tell me a long story.');
export const STORY_START = /^On day one|^On day 1/;

/** The phases of a load in order, once each, with bytes that only rise. */
export function expectWholeLoad(steps: readonly LoadProgress[]): void {
  const phases = steps.map((step) => step.phase);
  expect(phases.filter((phase, index) => phase !== phases[index - 1])).toEqual(['weights', 'shaders', 'ready']);
  const bytes = steps.map((step) => step.loadedBytes);
  expect(bytes).toEqual(bytes.toSorted((a, b) => a - b));
}

/** The events of an answer whose model was not loaded: a whole load, then the answer. */
export function expectLoadFirst(events: readonly GenerateEvent[], { isRemote = false }: EngineHarness): void {
  const steps = events.filter((event) => event.type === 'load-progress');
  expect(events.slice(0, steps.length)).toEqual(steps);
  if (isRemote) expect(steps.map(({ phase }) => phase)).toEqual(['ready']);
  else expectWholeLoad(steps);
}
