import type { JsonSchema } from '../../../engine/engine.ts';
import { abortError } from '../../../platform/errors.ts';
import type { OfferedTool, SessionState } from '../../state/session-state.ts';
import type { StateStore } from '../../state/state-store.ts';

/** The arguments of a call, as the tool's schema has them. */
export type ToolArguments = Readonly<Record<string, unknown>>;

/** A call that is about to be run. */
export interface ToolRequest {
  readonly chatId: string;
  readonly messageId: string;
  /** Unique within the message. */
  readonly callId: string;
  readonly arguments: ToolArguments;
}

/** What the page decides about a call. */
export type ToolDecision =
  /** Run it. `allowed`: without asking the user. */
  | { readonly action: 'run'; readonly isAllowed: boolean }
  | { readonly action: 'decline' }
  /** The page has run it itself, or is about to. */
  | { readonly action: 'answer'; readonly result: unknown };

/** A tool that the models of a session may call. */
export interface SessionTool extends OfferedTool {
  /** Of the arguments, if `parameters` lack what constrained decoding cannot keep. Each call is checked by it. */
  readonly inputSchema?: JsonSchema;
  /** Called before each call. */
  decide(request: ToolRequest): ToolDecision;
  /** @returns a text, or what JSON can hold, or a promise of it */
  execute(toolArguments: ToolArguments, options: { readonly signal: AbortSignal }): unknown;
}

/** Gives the tools of one owner, as they are now. */
export type ToolSource = () => readonly SessionTool[] | Promise<readonly SessionTool[]>;

/** OpenAI's limit, which servers have too. */
const MOST_TOOLS = 128;

/**
 * The tools of a session. Those that show the session add theirs; a model is offered what is there when it is asked. Publishes
 * them as `state.tools`.
 */
export class ToolBox {
  readonly #state: StateStore<SessionState>;
  readonly #sources = new Set<ToolSource>();
  /** How often the sources have been read: a slow reading must not hide a later one. */
  #readings = 0;

  constructor(state: StateStore<SessionState>) {
    this.#state = state;
  }

  /** @returns its undo */
  add(source: ToolSource): () => void {
    this.#sources.add(source);
    this.changed();
    return () => {
      this.#sources.delete(source);
      this.changed();
    };
  }

  /** Reads the sources again, one of which may give other tools than before. */
  changed(): void {
    this.list(new AbortController().signal).catch(() => {});
  }

  /** All tools. Of several with one name the first counts. @throws AbortError */
  async list(signal: AbortSignal): Promise<readonly SessionTool[]> {
    this.#readings += 1;
    const reading = this.#readings;
    const lists = Promise.all([...this.#sources].map((source) => source()));
    const tools = (await unlessAborted(lists, signal)).flat();
    const byName = new Map(tools.toReversed().map((tool) => [tool.name, tool]));
    const offered = tools.filter((tool) => byName.get(tool.name) === tool).slice(0, MOST_TOOLS);
    if (reading === this.#readings) this.#publish(offered.map(toOffered));
    return offered;
  }

  #publish(tools: readonly OfferedTool[]): void {
    if (JSON.stringify(tools) !== JSON.stringify(this.#state.state.tools)) this.#state.set({ tools });
  }
}

function toOffered({ name, description, parameters, source, needsConfirmation }: SessionTool): OfferedTool {
  return {
    name,
    ...(description !== undefined && { description }),
    ...(parameters !== undefined && { parameters }),
    source,
    needsConfirmation,
  };
}

/** Waits for a promise of the page, which may never settle. @throws AbortError */
export async function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(abortError());
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
