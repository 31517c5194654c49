import type { Engine, PromptMessage } from '../../../src/engine/engine.ts';
import type { ModelRecord } from '../../../src/models/model-record.ts';

/** A short greedy answer. */
export interface Asked {
  readonly firstTokenMs: number;
  readonly text: string;
}

/** Long enough to tell engines apart, short enough for SwiftShader. */
export const ANSWER_TOKENS = 4;

export async function ask(engine: Engine, model: ModelRecord, messages: readonly PromptMessage[]): Promise<Asked> {
  const sampling = { temperature: 0, maxTokens: ANSWER_TOKENS };
  const start = performance.now();
  let firstAt: number | undefined;
  let text = '';
  for await (const event of engine.generate({ model, messages, sampling }, new AbortController().signal)) {
    if (event.type !== 'text-delta' || event.text === '') continue;
    firstAt ??= performance.now();
    text += event.text;
  }
  // An answer may be empty.
  return { firstTokenMs: (firstAt ?? performance.now()) - start, text };
}

/** Lets the engine read a prompt ahead, for so long as a user types. */
export async function readAhead(
  engine: Engine,
  model: ModelRecord,
  { messages, typingMs }: { readonly messages: readonly PromptMessage[]; readonly typingMs: number },
): Promise<void> {
  const sampling = { temperature: 0, maxTokens: 1 };
  const typing = AbortSignal.timeout(typingMs);
  try {
    for await (const event of engine.generate({ model, messages, sampling, readAhead: true }, typing)) void event;
  } catch (error) {
    if (!typing.aborted) throw error;
  }
}
