import { ScriptedEngine } from '../../../src/engine/scripted/scripted-engine.ts';
import type { ModelRecord } from '../../../src/models/model-record.ts';
import { mixedMarkdown } from './mixed-markdown.ts';

/** `open` prepares the page; `stream` is measured. */
export interface StreamOptions {
  readonly action: 'open' | 'stream';
  readonly characters: number;
  readonly tokensPerSecond: number;
}

/** Far more tokens than any text here has. */
const CONTEXT_WINDOW = 10_000_000;

export const SCRIPTED_RECORD: ModelRecord = {
  id: 'script',
  name: 'Script',
  family: 'Script',
  maker: 'Alcove',
  engine: 'scripted',
  quantization: 'none',
  parameterCount: 1,
  contextWindow: CONTEXT_WINDOW,
  vramBytes: 0,
  requiredFeatures: [],
  licence: { name: 'MIT', url: 'https://opensource.org/license/mit' },
  source: { kind: 'files', revision: '1', files: [] },
};

/** Result of the last `stream`: a run that showed nothing must not count as fast. */
export interface StreamOutcome {
  readonly shownCharacters: number;
  /** ms from the last click, on Stop, to the end of the answer. */
  readonly stoppedMs?: number;
}

export const NOTHING_SHOWN: StreamOutcome = { shownCharacters: 0 };

export function scriptedEngine({ characters, tokensPerSecond }: StreamOptions): ScriptedEngine {
  const text = mixedMarkdown(characters);
  return new ScriptedEngine({ script: () => text, tokensPerSecond });
}

/** Streams the scripted engine's words at its rate, the same for each contender. */
export async function streamTokens(options: StreamOptions, onToken: (token: string) => void): Promise<void> {
  const engine = scriptedEngine(options);
  const { signal } = new AbortController();
  for await (const progress of engine.load({ model: SCRIPTED_RECORD }, signal)) void progress;
  for await (const event of engine.generate(
    { model: SCRIPTED_RECORD, messages: [{ role: 'user', content: 'Continue' }] },
    signal,
  )) {
    if (event.type === 'text-delta') onToken(event.text);
  }
}
