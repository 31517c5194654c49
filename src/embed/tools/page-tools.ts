/**
 * Reads and calls what a page offers to agents by WebMCP (https://webmachinelearning.github.io/webmcp/), in the shapes that
 * browsers and polyfills have had since Chrome 149.
 */
import { type Fields, fieldsOf } from '../../platform/untrusted-json.ts';
import { checkSchema } from './check-tool.ts';
import type { ChatTool, ToolInput, ToolInputSchema } from './tool-types.ts';

/** What is used of `document.modelContext`. */
interface ModelContext extends EventTarget {
  getTools(): Promise<readonly unknown[]>;
  executeTool(tool: unknown, input: unknown, options: { readonly signal: AbortSignal }): Promise<unknown>;
}

/** Names in WebMCP have up to 128 characters, also dots; those that models are given have fewer. */
const LONGEST_NAME = 64;

/** Reads the tools of this page afresh each time, and says when there may be others. */
export class PageTools {
  readonly #warned = new Set<string>();
  readonly #onChange: () => void;
  #followed: ModelContext | undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Ends the listener, which would outlive the element, until the next `list`. */
  leave(): void {
    this.#follow(undefined);
  }

  #follow(context: ModelContext | undefined): void {
    if (context === this.#followed) return;
    this.#followed?.removeEventListener('toolchange', this.#onChange);
    this.#followed = context;
    context?.addEventListener('toolchange', this.#onChange);
  }

  /** The tools as they are now; none where the page offers none. Never rejects. */
  async list(): Promise<readonly ChatTool[]> {
    const context = findContext();
    this.#follow(context);
    if (context === undefined) return [];
    try {
      const names = new Set<string>();
      const listed: unknown = await context.getTools();
      if (!Array.isArray(listed)) return [];
      return listed.flatMap((tool: unknown) => this.#read(context, tool, names) ?? []);
    } catch (error) {
      // A permissions policy may forbid it.
      this.#warn(`cannot read the tools of the page: ${String(error)}`);
      return [];
    }
  }

  #read(context: ModelContext, tool: unknown, names: Set<string>): ChatTool | undefined {
    try {
      return readTool(context, tool, names);
    } catch (error) {
      this.#warn(error instanceof Error ? error.message : 'a tool of the page cannot be read');
      return undefined;
    }
  }

  /** Tells the developer of the page, once. */
  #warn(message: string): void {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    console.warn('<alcove-chat>', message);
  }
}

/** A polyfill may come after the element. Before Chrome 150 the context belonged to the navigator. */
function findContext(): ModelContext | undefined {
  const owners: readonly object[] = [document, navigator];
  for (const owner of owners) {
    const context: unknown = Reflect.get(owner, 'modelContext');
    if (isContext(context)) return context;
  }
  return undefined;
}

function isContext(value: unknown): value is ModelContext {
  if (!(value instanceof EventTarget)) return false;
  return (
    typeof Reflect.get(value, 'getTools') === 'function' && typeof Reflect.get(value, 'executeTool') === 'function'
  );
}

/** Members are read, not copied: in Chrome 160 a tool is an object with getters. @throws AlcoveError, SyntaxError */
function readTool(context: ModelContext, value: unknown, names: Set<string>): ChatTool | undefined {
  const tool = fieldsOf(value);
  const name = tool?.['name'];
  if (tool === undefined || typeof name !== 'string' || name === '') return undefined;
  const inputSchema = readSchema(name, tool['inputSchema']);
  const description = descriptionOf(tool);
  return {
    name: uniqueName(name, names),
    ...(description !== '' && { description }),
    ...(inputSchema !== undefined && { inputSchema }),
    readOnly: fieldsOf(tool['annotations'])?.['readOnlyHint'] === true,
    // The hint is the page's word, so that the user is asked anyway.
    confirm: true,
    execute: (input: ToolInput, { signal }) => execute(context, tool, input, signal),
  };
}

function descriptionOf({ title, description }: Fields): string {
  return [title, description].filter((text) => typeof text === 'string' && text !== '').join(': ');
}

/** An object since Chrome 154, its JSON before; null or absent for a tool without arguments. */
function readSchema(name: string, schema: unknown): ToolInputSchema | undefined {
  if (schema === undefined || schema === null || schema === '') return undefined;
  return checkSchema(name, typeof schema === 'string' ? JSON.parse(schema) : schema);
}

function uniqueName(name: string, names: Set<string>): string {
  const base = name.replace(/[^a-zA-Z0-9_-]/g, '_');
  let unique = base.slice(0, LONGEST_NAME);
  for (let count = 2; names.has(unique); count += 1) {
    const end = `_${count}`;
    unique = base.slice(0, LONGEST_NAME - end.length) + end;
  }
  names.add(unique);
  return unique;
}

/**
 * Chrome up to 154, and the polyfill, take the arguments as JSON, a required parameter; later versions as an object, an
 * optional one. So the number of required parameters tells which.
 */
async function execute(context: ModelContext, tool: Fields, input: ToolInput, signal: AbortSignal): Promise<unknown> {
  const takesJson = context.executeTool.length > 1;
  return toResult(await context.executeTool(tool, takesJson ? JSON.stringify(input) : input, { signal }));
}

/** Browsers return a result as JSON; tools that were written for MCP return lists of contents. */
function toResult(returned: unknown): unknown {
  const value = typeof returned === 'string' ? parsed(returned) : returned;
  const result = fieldsOf(value);
  if (result === undefined || !Array.isArray(result['content'])) return value ?? '';
  const texts = result['content'].map((part: unknown) => fieldsOf(part)?.['text']);
  const text = texts.filter((piece) => typeof piece === 'string').join('\n');
  if (result['isError'] === true) throw new Error(text);
  return text === '' ? value : text;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
