import type { ChatCompletionChunkDelta } from '@wllama/wllama/esm/index.js';
import type { GenerateEvent } from '../../engine.ts';

type Piece = NonNullable<ChatCompletionChunkDelta['tool_calls']>[number];

/** Puts tool calls together from the pieces that they arrive in: id and name once, the arguments bit by bit. */
export class ToolCalls {
  readonly #calls = new Map<number, { id: string; name: string; argumentsJson: string }>();

  push(pieces: readonly Piece[]): void {
    for (const { index, id, function: called } of pieces) {
      const known = this.#calls.get(index) ?? { id: '', name: '', argumentsJson: '' };
      this.#calls.set(index, {
        id: id ?? known.id,
        name: called?.name ?? known.name,
        argumentsJson: known.argumentsJson + (called?.arguments ?? ''),
      });
    }
  }

  end(): GenerateEvent[] {
    return [...this.#calls.values()].map((call) => ({ type: 'tool-call', ...call }));
  }
}
