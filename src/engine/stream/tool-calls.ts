import type { GenerateEvent } from '../engine.ts';

/** A piece of a tool call, as the OpenAI protocol streams it, and llama.cpp as well. */
export interface ToolCallPiece {
  readonly index?: number;
  readonly id?: string;
  readonly type?: string;
  readonly function?: { readonly name?: string; readonly arguments?: string };
}

export class ToolCalls {
  readonly #calls = new Map<number, { id: string; name: string; argumentsJson: string }>();

  push(pieces: readonly ToolCallPiece[]): void {
    for (const { index = this.#calls.size, id, function: called } of pieces) {
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
