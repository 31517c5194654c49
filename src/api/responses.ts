import type { ModelSession } from '../session/model-session.ts';
import { type AnswerEvent, startAnswer } from './answer-events.ts';
import { toApiError } from './api-error.ts';
import { readResponseRequest } from './read-response-request.ts';
import type { RequestOptions } from './request-options.ts';
import { ResponseBuilder } from './response-builder.ts';
import type {
  ModelResponse,
  ResponseCreateParams,
  ResponseCreateParamsNonStreaming,
  ResponseCreateParamsStreaming,
  ResponseStreamEvent,
} from './response-types.ts';

const RENAMED = { messages: 'input', max_tokens: 'max_output_tokens', response_format: 'text.format' };

/** `alcove.responses` */
export class Responses {
  readonly #session: ModelSession;

  constructor(session: ModelSession) {
    this.#session = session;
  }

  /**
   * Writes an answer, as `chat.completions.create` does, in the form of OpenAI's responses.
   * @throws AlcoveApiError; AbortError after `signal`. A failure in the middle of a stream is its event `response.failed`
   */
  create(params: ResponseCreateParamsNonStreaming, options?: RequestOptions): Promise<ModelResponse>;
  create(params: ResponseCreateParamsStreaming, options?: RequestOptions): Promise<AsyncIterable<ResponseStreamEvent>>;
  create(
    params: ResponseCreateParams,
    options?: RequestOptions,
  ): Promise<ModelResponse | AsyncIterable<ResponseStreamEvent>>;
  async create(
    params: ResponseCreateParams,
    { signal }: RequestOptions = {},
  ): Promise<ModelResponse | AsyncIterable<ResponseStreamEvent>> {
    try {
      const { model, request, stream } = readResponseRequest(params);
      const events = await startAnswer(this.#session, model, request, signal);
      const builder = new ResponseBuilder(params);
      if (stream) return toStream(events, builder);
      for await (const event of events) for (const step of builder.add(event)) void step;
      return builder.response;
    } catch (error) {
      throw toApiError(error, RENAMED);
    }
  }
}

async function* toStream(
  events: AsyncIterable<AnswerEvent>,
  builder: ResponseBuilder,
): AsyncGenerator<ResponseStreamEvent> {
  let count = 0;
  for (const event of builder.begin()) yield { sequence_number: count++, ...event };
  try {
    for await (const added of events) {
      for (const event of builder.add(added)) yield { sequence_number: count++, ...event };
    }
  } catch (error) {
    const failure = toApiError(error, RENAMED);
    if (failure.name === 'AbortError') throw failure;
    yield { sequence_number: count++, ...builder.fail(failure) };
  }
}
