import type { ModelRecord } from '../models/model-record.ts';
import { AlcoveError } from '../platform/errors.ts';
import type { Session } from '../session/session.ts';
import { findModel } from '../session/state/find-model.ts';

export interface SessionSettings {
  readonly model: string | undefined;
  readonly models: readonly string[] | undefined;
  readonly engine: ModelRecord['engine'] | undefined;
  readonly instructions: string | undefined;
  readonly autoLoad: boolean;
}

/** Tells a session what the properties of the element say about it, each time that they or the session have changed. */
export class SessionProperties {
  #session: Session | undefined;
  #offer = '';
  #instructions: string | undefined;
  /** The model that was selected, or that the session does not have. */
  #model: { readonly id: string | undefined; readonly isKnown: boolean } | undefined;
  #loaded: string | undefined;

  /** @returns the error of a model that does not exist, once */
  apply(session: Session, settings: SessionSettings): AlcoveError | undefined {
    if (session !== this.#session) {
      this.#session = session;
      this.#offer = '';
      this.#instructions = undefined;
      this.#model = undefined;
      this.#loaded = undefined;
    }
    const unknown = this.#offerModels(session, settings) ?? this.#select(session, settings);
    this.#instruct(session, settings);
    if (settings.autoLoad) this.#load(session);
    return unknown;
  }

  #offerModels(session: Session, { models, engine }: SessionSettings): AlcoveError | undefined {
    const offer = JSON.stringify([models, engine]);
    const isFirst = this.#offer === '';
    if (offer === this.#offer) return undefined;
    this.#offer = offer;
    if (models === undefined && engine === undefined) {
      if (!isFirst) session.models.offer(undefined);
      return undefined;
    }
    session.models.offer(
      (record) => (models?.includes(record.id) ?? true) && (engine === undefined || record.engine === engine),
    );
    return undefined;
  }

  /** Selects the wanted model once the session lists it. */
  #select(session: Session, { model: id }: SessionSettings): AlcoveError | undefined {
    if (id === undefined) {
      this.#model = undefined;
      return undefined;
    }
    const isKnown = findModel(session.state, id) !== undefined;
    if (this.#model?.id === id && (this.#model.isKnown || !isKnown)) return undefined;
    if (isKnown) session.models.select(id);
    // A failed start is reported by itself.
    else if (session.state.start !== 'ready') return undefined;
    this.#model = { id, isKnown };
    return isKnown ? undefined : new AlcoveError('model-unknown', `the catalogue has no model ${id}`);
  }

  #instruct(session: Session, { instructions }: SessionSettings): void {
    if (instructions === this.#instructions) return;
    this.#instructions = instructions;
    // Without the code of the settings no message can be sent either, and that says why.
    session.settings.setInstructions(instructions).catch(() => {});
  }

  #load({ state, models }: Session): void {
    const entry = findModel(state, state.selectedModelId);
    if (state.start !== 'ready' || entry?.weights.status !== 'stored' || entry.record.id === this.#loaded) return;
    this.#loaded = entry.record.id;
    models.prepare();
  }
}
