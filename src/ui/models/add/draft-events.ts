import type { ModelRecord } from '../../../models/model-record.ts';
import type { RepositoryChoice } from '../../../session/models/add/repository.ts';

/** A model of a repository was chosen. */
export class ChoiceEvent extends Event {
  static readonly eventName = 'alcove-choice';
  readonly choice: RepositoryChoice;

  constructor(choice: RepositoryChoice) {
    super(ChoiceEvent.eventName, { bubbles: true, composed: true });
    this.choice = choice;
  }
}

/** What shall be done with a model that was looked at. */
export type DraftStep = 'add' | 'add-and-get' | 'cancel';

/** The reader has decided about a model that was looked at. */
export class DraftEvent extends Event {
  static readonly eventName = 'alcove-draft';
  readonly step: DraftStep;
  /** As edited. */
  readonly record: ModelRecord;

  constructor(step: DraftStep, record: ModelRecord) {
    super(DraftEvent.eventName, { bubbles: true, composed: true });
    this.step = step;
    this.record = record;
  }
}

declare global {
  interface HTMLElementEventMap {
    'alcove-choice': ChoiceEvent;
    'alcove-draft': DraftEvent;
  }
}
