import type { Usage } from '../engine/engine.ts';
import type { AnswerEvent } from './answer-events.ts';
import { AlcoveApiError } from './api-error.ts';
import { newId, now, toUsage } from './chat-completions.ts';
import type {
  ModelResponse,
  ResponseCreateParams,
  ResponseFunctionCall,
  ResponseMessage,
  ResponseOutputItem,
  ResponseReasoning,
  ResponseStreamEventBody,
  ResponseUsage,
} from './response-types.ts';

type Steps = Generator<ResponseStreamEventBody, void>;

/** Builds a response from the events of an answer, and says with which events of a stream it grows. */
export class ResponseBuilder {
  #response: ModelResponse;
  #usage: Usage | undefined;
  /** The item that grows: the last one of the output. */
  #open: ResponseReasoning | ResponseMessage | undefined;

  constructor(params: ResponseCreateParams) {
    this.#response = {
      id: newId('resp'),
      object: 'response',
      created_at: now(),
      status: 'in_progress',
      error: null,
      incomplete_details: null,
      instructions: params.instructions ?? null,
      metadata: params.metadata ?? null,
      model: params.model,
      output: [],
      output_text: '',
      parallel_tool_calls: true,
      previous_response_id: null,
      store: false,
      temperature: params.temperature ?? null,
      top_p: params.top_p ?? null,
      tool_choice: params.tool_choice ?? 'auto',
      tools: params.tools ?? [],
      usage: null,
    };
  }

  /** The response so far. */
  get response(): ModelResponse {
    return this.#response;
  }

  *begin(): Steps {
    yield { type: 'response.created', response: this.#response };
    yield { type: 'response.in_progress', response: this.#response };
  }

  *add(event: AnswerEvent): Steps {
    switch (event.type) {
      case 'reasoning-delta':
        yield* this.#addReasoning(event.text);
        break;
      case 'text-delta':
        yield* this.#addText(event.text);
        break;
      case 'tool-call':
        yield* this.#addCall(event.name, event.argumentsJson);
        break;
      case 'usage':
        this.#usage = event.usage;
        break;
      case 'finish':
        yield* this.#finish(event.reason === 'length');
        break;
      case 'logprobs':
    }
  }

  fail(error: Error): ResponseStreamEventBody {
    const code = AlcoveApiError.isInstance(error) ? error.code : 'internal';
    this.#change({ status: 'failed', error: { code, message: error.message } });
    return { type: 'response.failed', response: this.#response };
  }

  *#addReasoning(delta: string): Steps {
    if (this.#open?.type !== 'reasoning') {
      yield* this.#close('completed');
      const item = { type: 'reasoning', id: newId('rs'), summary: [], content: [], status: 'in_progress' } as const;
      yield* this.#begin(item);
    }
    const { id, content } = this.#open?.type === 'reasoning' ? this.#open : { id: '', content: [] };
    yield { type: 'response.reasoning_text.delta', ...this.#partPlace(id), delta };
    this.#grow({ content: [{ type: 'reasoning_text', text: (content[0]?.text ?? '') + delta }] });
  }

  *#addText(delta: string): Steps {
    if (this.#open?.type !== 'message') {
      yield* this.#close('completed');
      const head = { type: 'message', id: newId('msg'), role: 'assistant' } as const;
      yield* this.#begin({ ...head, status: 'in_progress', content: [] });
      const part = { type: 'output_text', text: '', annotations: [] } as const;
      yield { type: 'response.content_part.added', ...this.#partPlace(head.id), part };
    }
    const { id, content } = this.#open?.type === 'message' ? this.#open : { id: '', content: [] };
    yield { type: 'response.output_text.delta', ...this.#partPlace(id), delta, logprobs: [] };
    this.#grow({ content: [{ type: 'output_text', text: (content[0]?.text ?? '') + delta, annotations: [] }] });
    this.#change({ output_text: this.#response.output_text + delta });
  }

  *#addCall(name: string, argumentsJson: string): Steps {
    yield* this.#close('completed');
    const head = { type: 'function_call', id: newId('fc'), call_id: newId('call'), name } as const;
    const output_index = this.#response.output.length;
    const place = { item_id: head.id, output_index };
    yield { type: 'response.output_item.added', output_index, item: { ...head, arguments: '', status: 'in_progress' } };
    yield { type: 'response.function_call_arguments.delta', ...place, delta: argumentsJson };
    yield { type: 'response.function_call_arguments.done', ...place, name, arguments: argumentsJson };
    const item: ResponseFunctionCall = { ...head, arguments: argumentsJson, status: 'completed' };
    this.#change({ output: [...this.#response.output, item] });
    yield { type: 'response.output_item.done', output_index, item };
  }

  *#finish(isCut: boolean): Steps {
    yield* this.#close(isCut ? 'incomplete' : 'completed');
    this.#change({ usage: toResponseUsage(this.#usage), status: isCut ? 'incomplete' : 'completed' });
    if (isCut) this.#change({ incomplete_details: { reason: 'max_output_tokens' } });
    yield { type: isCut ? 'response.incomplete' : 'response.completed', response: this.#response };
  }

  *#begin(item: ResponseReasoning | ResponseMessage): Steps {
    this.#open = item;
    this.#change({ output: [...this.#response.output, item] });
    yield { type: 'response.output_item.added', output_index: this.#index, item };
  }

  /** Ends the item that grows, if there is one. */
  *#close(status: 'completed' | 'incomplete'): Steps {
    const open = this.#open;
    if (open === undefined) return;
    const place = this.#partPlace(open.id);
    if (open.type === 'message') {
      const [part] = open.content;
      if (part !== undefined) {
        yield { type: 'response.output_text.done', ...place, text: part.text, logprobs: [] };
        yield { type: 'response.content_part.done', ...place, part };
      }
    } else {
      yield { type: 'response.reasoning_text.done', ...place, text: open.content[0]?.text ?? '' };
    }
    const item = this.#grow({ status });
    this.#open = undefined;
    yield { type: 'response.output_item.done', output_index: this.#index, item };
  }

  #grow(change: Partial<ResponseReasoning> | Partial<ResponseMessage>): ResponseOutputItem {
    const grown = { ...this.#open, ...change } as ResponseReasoning | ResponseMessage;
    this.#open = grown;
    this.#change({ output: [...this.#response.output.slice(0, -1), grown] });
    return grown;
  }

  #partPlace(item_id: string) {
    return { item_id, output_index: this.#index, content_index: 0 } as const;
  }

  get #index(): number {
    return this.#response.output.length - 1;
  }

  #change(change: Partial<ModelResponse>): void {
    this.#response = { ...this.#response, ...change };
  }
}

function toResponseUsage(usage: Usage | undefined): ResponseUsage {
  const { prompt_tokens, completion_tokens, total_tokens, prompt_tokens_details, timings } = toUsage(usage);
  return {
    input_tokens: prompt_tokens,
    input_tokens_details: { cached_tokens: prompt_tokens_details?.cached_tokens ?? 0 },
    output_tokens: completion_tokens,
    total_tokens,
    timings,
  };
}
