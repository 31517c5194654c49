import type { EngineId } from '../model-record.ts';

/** The engine whose probe reports the device at the start: it asks the most of one. Apart from the profiles, which the start does not load. */
export const PROBED_ENGINE: EngineId = 'webllm';
