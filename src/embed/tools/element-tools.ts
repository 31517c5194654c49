import { decodableSchema } from '../../engine/json-schema.ts';
import type { SessionTool } from '../../session/generation/tools/tool-box.ts';
import { checkTool, invalid } from './check-tool.ts';
import { PageTools } from './page-tools.ts';
import { AlcoveToolCallEvent } from './tool-call-event.ts';
import type { ChatTool, RegisterToolOptions } from './tool-types.ts';

/** The tools of an element: those that the page has registered with it, and with `use-page-tools` those of WebMCP. */
export class ElementTools {
  readonly #host: EventTarget;
  readonly #registered = new Map<string, ChatTool>();
  readonly #onChange: () => void;
  readonly #page: PageTools;

  /** @param onChange called when there may be other tools than before */
  constructor(host: EventTarget, onChange: () => void) {
    this.#host = host;
    this.#onChange = onChange;
    this.#page = new PageTools(onChange);
  }

  /** @throws AlcoveError `tool-invalid` */
  register(tool: ChatTool, { signal }: RegisterToolOptions = {}): void {
    const checked = checkTool(tool);
    const { name } = checked;
    if (this.#registered.has(name)) throw invalid(name, 'is registered already');
    if (signal?.aborted) return;
    this.#registered.set(name, checked);
    this.#onChange();
    signal?.addEventListener('abort', () => {
      if (this.#registered.get(name) === checked) this.unregister(name);
    });
  }

  /** @returns whether there was such a tool */
  unregister(name: string): boolean {
    const isThere = this.#registered.delete(name);
    if (isThere) this.#onChange();
    return isThere;
  }

  /** Follows the page's changes no more, until the next `list`. */
  leave(): void {
    this.#page.leave();
  }

  /** What a model is offered now. @param usesPage whether that includes what the page offers to agents */
  async list(usesPage: boolean): Promise<readonly SessionTool[]> {
    const offered = usesPage ? await this.#page.list() : [];
    return [
      ...[...this.#registered.values()].map((tool) => this.#sessionTool(tool, 'registered')),
      ...offered.map((tool) => this.#sessionTool(tool, 'page')),
    ];
  }

  #sessionTool(tool: ChatTool, source: 'registered' | 'page'): SessionTool {
    const { name, description, inputSchema, confirm = true } = tool;
    return {
      name,
      ...(description !== undefined && { description }),
      ...(inputSchema !== undefined && { parameters: decodableSchema(inputSchema), inputSchema }),
      source,
      needsConfirmation: confirm,
      decide: ({ callId, messageId, arguments: input }) => {
        const details = { name, arguments: input, source, needsConfirmation: confirm, callId, messageId };
        return AlcoveToolCallEvent.ask(this.#host, details);
      },
      execute: (input, options) => tool.execute(input, options),
    };
  }
}
