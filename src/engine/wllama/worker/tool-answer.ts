import type { Wllama } from '@wllama/wllama/esm/index.js';
import { abortError, isAbortError } from '../../../platform/errors.ts';
import type { FinishReason, GenerateEvent, GenerateRequest, Usage } from '../../engine.ts';
import { ToolCallParser, toCall } from '../../stream/tool-call-parser.ts';
import { callSchema, mustCall, offeredTools, withToolPrompt } from '../../tool-prompt.ts';
import { writeAnswer } from './answer.ts';

type Emit = (events: readonly GenerateEvent[]) => void;

/** Whether a chat template tells the model about tools; llama.cpp leaves them out of the prompt otherwise. */
export function templateHasTools(template: string): boolean {
  return /\btools\b/.test(template);
}

/** Whether a template prints the role of a message as it is, so that `tool` is one as well. */
function printsAnyRole(template: string): boolean {
  return /(\+|\{\{-?)\s*\w+(\.role|\[['"]role['"]\])\s*(\+|-?\}\})/.test(template);
}

/** Whether a request offers tools, or has calls in its conversation. */
export function usesTools({ messages, tools = [] }: GenerateRequest): boolean {
  return tools.length > 0 || messages.some(({ role, toolCalls = [] }) => role === 'tool' || toolCalls.length > 0);
}

/**
 * Lets a model call tools whose template has none. The prompt describes them; the model writes until it begins a call, and
 * then writes the call again under a grammar that holds it to its tool's schema: llama.cpp b11364 cannot hold an answer
 * that it continues to a schema. It makes one call in an answer.
 */
export async function writeToolAnswer(
  wllama: Wllama,
  { tools: offered, toolChoice, ...request }: GenerateRequest,
  signal: AbortSignal,
  emit: Emit,
): Promise<void> {
  const choice = { ...request, ...(offered && { tools: offered }), ...(toolChoice && { toolChoice }) };
  const tools = offeredTools(choice);
  const template = wllama.getLoadedContextInfo().metadata['tokenizer.chat_template'] ?? '';
  const messages = withToolPrompt(request.messages, tools, printsAnyRole(template));
  const plain: GenerateRequest = { ...request, messages };
  if (tools.length === 0) return writeAnswer(wllama, plain, signal, emit);

  const tokenCount = mustCall(choice) ? 0 : await writeUntilCall(wllama, plain, signal, emit);
  if (tokenCount !== undefined) await writeCall(wllama, plain, tokenCount, tools, signal, emit);
}

/** @returns the tokens before the call; undefined if the answer has ended without one */
async function writeUntilCall(
  wllama: Wllama,
  request: GenerateRequest,
  signal: AbortSignal,
  emit: Emit,
): Promise<number | undefined> {
  const parser = new ToolCallParser();
  const called = new AbortController();
  let tokenCount = 0;
  const take: Emit = (events) => {
    if (called.signal.aborted) return;
    const shown: GenerateEvent[] = [];
    for (const event of events) {
      if (event.type === 'text-delta') {
        tokenCount++;
        shown.push(...parser.push(event.text));
      } else {
        if (event.type === 'usage') shown.push(...parser.end());
        shown.push(event);
      }
    }
    if (parser.isInCall) called.abort();
    emit(shown.filter(({ type }) => !called.signal.aborted || type === 'text-delta' || type === 'reasoning-delta'));
  };
  try {
    await writeAnswer(wllama, request, AbortSignal.any([signal, called.signal]), take);
  } catch (error) {
    if (signal.aborted) throw abortError();
    if (!called.signal.aborted || !isAbortError(error)) throw error;
  }
  return called.signal.aborted ? tokenCount : undefined;
}

async function writeCall(
  wllama: Wllama,
  request: GenerateRequest,
  tokenCount: number,
  tools: NonNullable<GenerateRequest['tools']>,
  signal: AbortSignal,
  emit: Emit,
): Promise<void> {
  const { maxTokens } = request.sampling ?? {};
  const call: GenerateRequest = {
    ...request,
    responseFormat: { type: 'json-schema', schema: callSchema(tools) },
    sampling: {
      ...request.sampling,
      // Most deltas are one token.
      ...(maxTokens !== undefined && { maxTokens: Math.max(1, maxTokens - tokenCount) }),
    },
  };
  let json = '';
  let usage: readonly GenerateEvent[] = [];
  await writeAnswer(wllama, call, signal, (events) => {
    const shown: GenerateEvent[] = [];
    for (const event of events) {
      if (event.type === 'text-delta') json += event.text;
      else if (event.type === 'usage') usage = [{ type: 'usage', usage: whole(event.usage, tokenCount) }];
      else if (event.type === 'finish') shown.push(...toEnd(json, usage, event.reason));
      else shown.push(event);
    }
    emit(shown);
  });
}

function toEnd(json: string, usage: readonly GenerateEvent[], reason: FinishReason): GenerateEvent[] {
  const calls = toCall(json);
  return [...calls, ...usage, { type: 'finish', reason: calls.length === 0 ? reason : 'tool-calls' }];
}

/** The figures of both parts; they have the same prompt. */
function whole(usage: Usage, tokenCount: number): Usage {
  return { ...usage, completionTokens: usage.completionTokens + tokenCount };
}
