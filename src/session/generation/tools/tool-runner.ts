import type { AllowedTool } from '../../../chat/conversation.ts';
import type { ToolCallPart } from '../../../chat/message-parts.ts';
import { setFields } from '../../../chat/tree.ts';
import { abortError } from '../../../platform/errors.ts';
import { toHex } from '../../../platform/hex.ts';
import type { ChatRepository } from '../../chats/chat-repository.ts';
import type { AnswerPlace, SessionState } from '../../state/session-state.ts';
import type { StateStore } from '../../state/state-store.ts';
import { readArguments } from './check-arguments.ts';
import { type SessionTool, type ToolArguments, unlessAborted } from './tool-box.ts';
import { type ResultText, toResultText } from './tool-result.ts';

/** What the user answers to the question whether a tool may run. */
export type ToolAnswer = 'once' | 'always-in-chat' | 'never';

/** Where a call is written, and what it may use. */
export interface CallContext extends AnswerPlace {
  readonly tools: readonly SessionTool[];
  /** Of the model, tokens. */
  readonly contextWindow: number;
}

export interface CallWriter {
  startCall(id: string): void;
  endCall(id: string, state: CallEnd['state'], result: ResultText): void;
}

export interface CallEnd {
  readonly state: 'complete' | 'failed' | 'declined';
  /** For the model. */
  readonly text: string;
}

// In English, which models follow best.
const CANCELLED = 'Cancelled: the user stopped the answer.';
const DECLINED_BY_PAGE = 'Declined: the page does not allow this call.';
const DECLINED_BY_USER = 'Declined: the user does not allow this call. Answer without it.';

/** Runs the calls of models, one after another, after asking the page and, where a tool wants it, the user. */
export class ToolRunner {
  readonly #state: StateStore<SessionState>;
  readonly #repository: ChatRepository;
  #question: { readonly callId: string; readonly answer: (answer: ToolAnswer) => void } | undefined;

  constructor(state: StateStore<SessionState>, repository: ChatRepository) {
    this.#state = state;
    this.#repository = repository;
  }

  /** Resolves when each call has a result, of whatever kind. @throws AbortError after a stop */
  async run(
    calls: readonly ToolCallPart[],
    context: CallContext,
    writer: CallWriter,
    signal: AbortSignal,
  ): Promise<void> {
    for (const call of calls) {
      const { state, text } = signal.aborted
        ? { state: 'failed' as const, text: CANCELLED }
        : await this.#run(call, context, () => writer.startCall(call.id), signal);
      writer.endCall(call.id, state, toResultText(text, context.contextWindow));
    }
    if (signal.aborted) throw abortError();
  }

  /** Answers the question about a call, if it is the one that is asked. */
  answer(callId: string, answer: ToolAnswer): void {
    if (this.#question?.callId === callId) this.#question.answer(answer);
  }

  async #run(call: ToolCallPart, context: CallContext, onStart: () => void, signal: AbortSignal): Promise<CallEnd> {
    const { chatId, messageId, tools } = context;
    const tool = tools.find(({ name }) => name === call.name);
    if (tool === undefined) return failed(`there is no tool called ${JSON.stringify(call.name)}`);
    try {
      const toolArguments = readArguments(call.argumentsJson, tool.inputSchema ?? tool.parameters);
      const decision = tool.decide({ chatId, messageId, callId: call.id, arguments: toolArguments });
      if (decision.action === 'decline') return { state: 'declined', text: DECLINED_BY_PAGE };
      if (decision.action === 'run' && !decision.isAllowed && !(await this.#isAllowed(tool, call, context, signal))) {
        return { state: 'declined', text: DECLINED_BY_USER };
      }
      onStart();
      const result = decision.action === 'answer' ? decision.result : execute(tool, toolArguments, signal);
      const value = await unlessAborted(Promise.resolve(result), signal);
      // Throws for what JSON cannot hold.
      return { state: 'complete', text: typeof value === 'string' ? value : (JSON.stringify(value) ?? '') };
    } catch (error) {
      return signal.aborted ? { state: 'failed', text: CANCELLED } : failed(reasonOf(error));
    }
  }

  /** Asks the user, unless that is not wanted or was answered for the chat. */
  async #isAllowed(
    tool: SessionTool,
    { id }: ToolCallPart,
    context: CallContext,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { chatId, messageId } = context;
    if (!tool.needsConfirmation) return true;
    const allowed = await toAllowed(tool);
    if (this.#allowedIn(chatId).some((other) => isSame(other, allowed))) return true;
    const { promise, resolve } = Promise.withResolvers<ToolAnswer>();
    this.#question = { callId: id, answer: resolve };
    this.#state.set({ toolQuestion: { chatId, messageId, callId: id } });
    try {
      const answer = await unlessAborted(promise, signal);
      if (answer === 'always-in-chat') this.#allow(chatId, allowed);
      return answer !== 'never';
    } finally {
      this.#question = undefined;
      this.#state.set({ toolQuestion: undefined });
    }
  }

  #allowedIn(chatId: string): readonly AllowedTool[] {
    return this.#repository.get(chatId)?.allowedTools ?? [];
  }

  #allow(chatId: string, allowed: AllowedTool): void {
    const chat = this.#repository.get(chatId);
    if (chat === undefined) return;
    const allowedTools = [...this.#allowedIn(chatId), allowed];
    this.#repository.put(setFields(chat, { allowedTools }, this.#repository.now()), []);
  }
}

/** The tool as it is now: under its name the page may offer another one later. */
async function toAllowed({ name, description, parameters }: SessionTool): Promise<AllowedTool> {
  const bytes = new TextEncoder().encode(JSON.stringify([description ?? null, parameters ?? null]));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const sha256 = toHex(digest);
  return { name, origin: location.origin, sha256 };
}

function isSame(one: AllowedTool, other: AllowedTool): boolean {
  return one.name === other.name && one.origin === other.origin && one.sha256 === other.sha256;
}

/** Async, so that a tool may throw as well as reject. */
async function execute(tool: SessionTool, toolArguments: ToolArguments, signal: AbortSignal): Promise<unknown> {
  return tool.execute(toolArguments, { signal });
}

function failed(reason: string): CallEnd {
  return { state: 'failed', text: `Error: ${reason}` };
}

/** A page may throw anything. */
function reasonOf(error: unknown): string {
  if (error instanceof Error) return `${error.name}: ${error.message}`;
  return typeof error === 'string' ? error : 'the tool failed';
}
