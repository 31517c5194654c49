import type { SessionTool } from '../../session/generation/tools/tool-box.ts';
import type { ElementTools } from './element-tools.ts';
import type { ChatTool, RegisterToolOptions } from './tool-types.ts';

/** The tools of an element. Their code is loaded with the first one. */
export class ToolMethods {
  readonly #host: EventTarget;
  /** Called when there may be other tools than before. */
  onChange: (() => void) | undefined;
  #tools: Promise<ElementTools> | undefined;

  constructor(host: EventTarget) {
    this.#host = host;
  }

  /** A later `list` has the tool, also if it is called before this resolves. @throws AlcoveError `tool-invalid` */
  async register(tool: ChatTool, options?: RegisterToolOptions): Promise<void> {
    (await this.#load()).register(tool, options);
  }

  /** @returns whether there was such a tool */
  async unregister(name: string): Promise<boolean> {
    return (await this.#load()).unregister(name);
  }

  /** What a model is offered now. @param usesPage whether that includes what the page offers to agents */
  async list(usesPage: boolean): Promise<readonly SessionTool[]> {
    if (this.#tools === undefined && !usesPage) return [];
    return (await this.#load()).list(usesPage);
  }

  /** Follows no changes any more, until the next `list`. */
  leave(): void {
    this.onChange = undefined;
    void this.#tools?.then((tools) => tools.leave());
  }

  #load(): Promise<ElementTools> {
    this.#tools ??= import('./element-tools.ts').then(
      ({ ElementTools }) => new ElementTools(this.#host, () => this.onChange?.()),
    );
    // The next call tries again.
    this.#tools.catch(() => {
      this.#tools = undefined;
    });
    return this.#tools;
  }
}
