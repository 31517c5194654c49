import type { Sampling } from '../engine/engine.ts';
import { invalidValue } from './api-error.ts';
import type { Parameters } from './parameters.ts';
import { wrongType } from './parameters.ts';

const MOST_STOPS = 4;

/** Reads the sampling parameters, which chat and raw completions have in common. */
export function readSampling(parameters: Parameters): Sampling {
  const signed = { least: -2, most: 2 };
  const sampling = {
    temperature: parameters.number('temperature', { least: 0, most: 2 }),
    topP: parameters.number('top_p', { least: 0, most: 1 }),
    topK: parameters.number('top_k', { least: 0, isWhole: true }),
    minP: parameters.number('min_p', { least: 0, most: 1 }),
    repeatPenalty: parameters.number('repeat_penalty', { least: 0, most: 10 }),
    frequencyPenalty: parameters.number('frequency_penalty', signed),
    presencePenalty: parameters.number('presence_penalty', signed),
    seed: parameters.number('seed', { least: 0, most: 0xffff_ffff, isWhole: true }),
    maxTokens: readMaxTokens(parameters),
    stop: readStop(parameters),
  };
  return Object.fromEntries(Object.entries(sampling).filter(([, value]) => value !== undefined));
}

/** The names of different times and endpoints for one limit. */
function readMaxTokens(parameters: Parameters): number | undefined {
  const names = ['max_completion_tokens', 'max_output_tokens', 'max_tokens'];
  const values = names.map((name) => parameters.number(name, { least: 1, isWhole: true }));
  return values.find((value) => value !== undefined);
}

function readStop(parameters: Parameters): readonly string[] | undefined {
  const value = parameters.get('stop');
  if (value === undefined) return undefined;
  const param = parameters.pathOf('stop');
  const stops: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (stops.length > MOST_STOPS) {
    throw invalidValue(param, `Invalid '${param}': at most ${MOST_STOPS} texts.`, 'array_above_max_length');
  }
  return stops.map((stop) => {
    if (typeof stop !== 'string') throw wrongType(param, 'a string or a list of strings', stop);
    if (stop === '') throw invalidValue(param, `Invalid '${param}': a text is empty.`);
    return stop;
  });
}
