import type { GenerateEvent } from '../engine.ts';

/** A piece of a tool call, as the OpenAI protocol streams it, and llama.cpp as well. */
export interface ToolCallPiece {
  readonly index?: number;
  readonly id?: string;
  readonly type?: string;
  readonly function?: { readonly name?: string; readonly arguments?: string };
}

interface Call {
  id: string;
  name: string;
  argumentsJson: string;
}

/**
 * Gathers the pieces of tool calls. Servers differ: Ollama gives every call the index 0 and sends each whole; some repeat
 * `name: ""` and `id: ""` in later pieces; some send no index at all.
 */
export class ToolCalls {
  readonly #calls: Call[] = [];
  /** The last call of each index. */
  readonly #byIndex = new Map<number, Call>();

  push(pieces: readonly ToolCallPiece[]): void {
    for (const { index, id, function: called } of pieces) {
      const known = index === undefined ? this.#calls.at(-1) : this.#byIndex.get(index);
      const call = known === undefined || this.#isNew(known, id, called) ? this.#add() : known;
      if (index !== undefined) this.#byIndex.set(index, call);
      call.id ||= id ?? '';
      call.name ||= called?.name ?? '';
      call.argumentsJson += called?.arguments ?? '';
    }
  }

  end(): GenerateEvent[] {
    return this.#calls.map((call) => ({ type: 'tool-call', ...call }));
  }

  /** A later piece of a call has its id or none, and no name but the same. Without ids, a name begins a call. */
  #isNew(known: Call, id: string | undefined, called: ToolCallPiece['function']): boolean {
    if (id) return known.id !== '' && known.id !== id;
    return Boolean(called?.name) && (known.name !== '' || known.argumentsJson !== '');
  }

  #add(): Call {
    const call = { id: '', name: '', argumentsJson: '' };
    this.#calls.push(call);
    return call;
  }
}
