import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Capabilities } from '../../engine/engine.ts';
import { findModel } from '../../session/state/find-model.ts';
import type { SessionLike } from '../contract/session-like.ts';

/** Asks what the selected model's engine can do, and updates its host when that changes. */
export class SettingsController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #session: () => SessionLike | undefined;
  capabilities: Capabilities | undefined;
  #capabilitiesOf: string | undefined;

  constructor(host: ReactiveControllerHost, session: () => SessionLike | undefined) {
    this.#host = host;
    this.#session = session;
    host.addController(this);
  }

  get modelName(): string {
    const { state } = this.#session() ?? {};
    return (state && findModel(state, state.selectedModelId)?.record.name) ?? '';
  }

  hostUpdate(): void {
    const session = this.#session();
    if (session === undefined) return;
    const { selectedModelId, engine } = session.state;
    // The engine of a loaded model knows more capabilities than the record does.
    const known = `${selectedModelId} ${engine.status}`;
    if (known === this.#capabilitiesOf) return;
    this.#capabilitiesOf = known;
    void this.#ask(session, selectedModelId);
  }

  async #ask(session: SessionLike, modelId: string | undefined): Promise<void> {
    this.capabilities =
      modelId === undefined ? undefined : await session.models.capabilities(modelId).catch(() => undefined);
    this.#host.requestUpdate();
  }
}
