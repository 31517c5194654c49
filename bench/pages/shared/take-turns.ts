import type { Engine, GenerateEvent, PromptMessage } from '../../../src/engine/engine.ts';
import type { ModelRecord } from '../../../src/models/model-record.ts';
import { measureDecode } from './measure-decode.ts';

/** A chat of so many turns, each with the same new text; gives each one's time to its first token, ms. */
export async function takeTurns(
  engine: Engine,
  model: ModelRecord,
  { turns, text, maxTokens }: { readonly turns: number; readonly text: string; readonly maxTokens: number },
): Promise<number[]> {
  const messages: PromptMessage[] = [];
  const times: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    messages.push({ role: 'user', content: text });
    const request = { messages, sampling: { temperature: 0, maxTokens } };
    const figures = await measureDecode(
      answerParts(engine.generate({ model, ...request }, new AbortController().signal)),
    );
    times.push(figures.timeToFirstTokenMs);
    messages.push({ role: 'assistant', content: figures.text });
  }
  return times;
}

/** An answer as measureDecode takes it. */
export async function* answerParts(events: AsyncIterable<GenerateEvent>) {
  for await (const event of events) {
    if (event.type === 'text-delta') yield { text: event.text, completionTokens: undefined };
    if (event.type === 'usage') yield { text: '', completionTokens: event.usage.completionTokens };
  }
}
