import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Capabilities } from '../../engine/engine.ts';
import type { ContextPolicyLike, SessionLike } from '../contract/session-like.ts';

/** Fetches the rules and what the selected model's engine can do, and has its host drawn anew when either changes. */
export class SettingsController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #session: () => SessionLike | undefined;
  rules: ContextPolicyLike | undefined;
  capabilities: Capabilities | undefined;
  #known: string | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(host: ReactiveControllerHost, session: () => SessionLike | undefined) {
    this.#host = host;
    this.#session = session;
    host.addController(this);
  }

  /** The selected model's name; empty for none. */
  get modelName(): string {
    const { models, selectedModelId } = this.#session()?.state ?? {};
    return models?.find(({ record }) => record.id === selectedModelId)?.record.name ?? '';
  }

  hostDisconnected(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.rules = undefined;
  }

  hostUpdate(): void {
    const session = this.#session();
    if (session === undefined) return;
    if (this.rules === undefined) void this.#load(session);
    const { selectedModelId, engine } = session.state;
    // A model that has been loaded knows more of itself than its record does.
    const known = `${selectedModelId} ${engine.status}`;
    if (known === this.#known) return;
    this.#known = known;
    void this.#ask(session, selectedModelId);
  }

  async #load(session: SessionLike): Promise<void> {
    const rules = await session.rules.load();
    if (this.rules !== undefined) return;
    this.rules = rules;
    this.#unsubscribe = rules.preferences.subscribe(() => this.#host.requestUpdate());
    this.#host.requestUpdate();
  }

  async #ask(session: SessionLike, modelId: string | undefined): Promise<void> {
    this.capabilities = modelId === undefined ? undefined : await session.capabilities(modelId).catch(() => undefined);
    this.#host.requestUpdate();
  }
}
