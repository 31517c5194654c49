/**
 * What the programs that speak the OpenAI protocol answer in ways of their own. vLLM's is read from the source of 0.33.0;
 * Ollama's and LM Studio's after what is published of them (Nov 2026), not recorded: neither can be installed from a registry.
 */
export interface ServerShape {
  readonly models: unknown;
  /** What it says of its models beyond the protocol: its answers by path and, where it is asked for one model, by name. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** A stream, byte for byte. */
  readonly stream: string;
  readonly unknownModel: Refusal;
  readonly tooLong: Refusal;
}

interface Refusal {
  readonly status: number;
  readonly body: unknown;
}

const CREATED = 1_764_000_000;

export const SERVER_SHAPES: Readonly<Record<string, ServerShape>> = {
  vllm: {
    models: {
      object: 'list',
      data: [
        {
          id: 'm',
          object: 'model',
          created: CREATED,
          owned_by: 'vllm',
          root: 'maker/m',
          parent: null,
          max_model_len: 4096,
          permission: [{ id: 'modelperm-1', object: 'model_permission', allow_sampling: true, is_blocking: false }],
        },
      ],
    },
    // `reasoning`, a first chunk without words, numbers in all chunks and a last one without choices.
    stream: events(
      chunk({ role: 'assistant', content: '' }, { prompt_token_ids: null }),
      chunk({ reasoning: 'Hm.' }),
      chunk({ content: 'One' }),
      chunk({ content: ' two' }),
      chunk({ content: '' }, { stop_reason: null, token_ids: null }, 'stop'),
      {
        ...frame(),
        choices: [],
        usage: {
          prompt_tokens: 7,
          total_tokens: 10,
          completion_tokens: 3,
          prompt_tokens_details: { cached_tokens: 4, created_cache_tokens: null, multimodal_tokens: null },
        },
      },
      '[DONE]',
    ),
    unknownModel: refusal(404, 'The model `n` does not exist. Valid aliases: m.', 'NotFoundError', 'model', 404),
    tooLong: refusal(
      400,
      "This model's maximum context length is 4096 tokens. However, your prompt contains at least 5000 input tokens, which exceeds this limit even without any output tokens. Please reduce the length of the input prompt.",
      'BadRequestError',
      'input_tokens',
      400,
    ),
  },
  ollama: {
    models: {
      object: 'list',
      data: ['m', 'vectors'].map((id) => ({ id, object: 'model', created: CREATED, owned_by: 'library' })),
    },
    details: {
      '/api/show m': { details: { family: 'gemma' }, capabilities: ['completion', 'tools'] },
      '/api/show vectors': { details: { family: 'bert' }, capabilities: ['embedding'] },
    },
    // The role and an empty content in every chunk, thinking beside it.
    stream: events(
      chunk({ role: 'assistant', content: '', reasoning: 'Hm.' }),
      chunk({ role: 'assistant', content: 'One' }),
      chunk({ role: 'assistant', content: ' two' }),
      chunk({ role: 'assistant', content: '' }, {}, 'stop'),
      { ...frame(), choices: [], usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 } },
      '[DONE]',
    ),
    unknownModel: refusal(404, 'model "n" not found, try pulling it first', 'not_found_error', null, null),
    // It cuts a prompt that is too long, and says nothing.
    tooLong: refusal(500, 'llama runner process has terminated', 'api_error', null, null),
  },
  'lm-studio': {
    models: {
      data: ['m', 'vectors'].map((id) => ({ id, object: 'model', owned_by: 'organization_owner' })),
      object: 'list',
    },
    details: {
      '/api/v0/models': {
        object: 'list',
        data: [
          { id: 'm', object: 'model', type: 'llm', arch: 'gemma', state: 'loaded', max_context_length: 8192 },
          { id: 'vectors', object: 'model', type: 'embeddings', arch: 'bert', state: 'not-loaded' },
        ],
      },
    },
    // Comments that keep the connection, `reasoning_content`, and usage beside the last choice.
    stream: `: keepalive\n\n${events(
      chunk({ role: 'assistant', reasoning_content: 'Hm.' }),
      chunk({ role: 'assistant', content: 'One' }),
    )}: keepalive\n\n${events(
      chunk({ role: 'assistant', content: ' two' }),
      {
        ...chunk({}, { logprobs: null }, 'stop'),
        usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
      },
      '[DONE]',
    )}`,
    unknownModel: refusal(404, 'Model "n" not found', 'invalid_request_error', 'model', 'model_not_found'),
    tooLong: {
      status: 400,
      body: { error: 'The number of tokens to keep from the prompt is greater than the context length' },
    },
  },
};

function frame(): Readonly<Record<string, unknown>> {
  return { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: CREATED, model: 'm' };
}

function chunk(
  delta: unknown,
  more: Readonly<Record<string, unknown>> = {},
  finishReason: string | null = null,
): Readonly<Record<string, unknown>> {
  return { ...frame(), choices: [{ index: 0, delta, ...more, finish_reason: finishReason }] };
}

function events(...datas: readonly unknown[]): string {
  return datas.map((data) => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`).join('');
}

function refusal(status: number, message: string, type: string, param: string | null, code: unknown): Refusal {
  return { status, body: { error: { message, type, param, code } } };
}
