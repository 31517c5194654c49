import type { ModelRecord } from '../../../models/model-record.ts';
import type { RepositoryChoice } from '../../../session/models/add/repository.ts';

/** A model of a repository was chosen. */
export class CheckpointSelectEvent extends Event {
  static readonly eventName = 'alcove-checkpoint-select';
  readonly choice: RepositoryChoice;

  constructor(choice: RepositoryChoice) {
    super(CheckpointSelectEvent.eventName);
    this.choice = choice;
  }
}

/** What shall be done with a model that was looked at. */
export type DraftStep = 'add' | 'add-and-get' | 'cancel';

/** The reader has decided about a model that was looked at. */
export class ModelReviewEvent extends Event {
  static readonly eventName = 'alcove-model-review';
  readonly step: DraftStep;
  /** As edited. */
  readonly record: ModelRecord;

  constructor(step: DraftStep, record: ModelRecord) {
    super(ModelReviewEvent.eventName);
    this.step = step;
    this.record = record;
  }
}

declare global {
  interface HTMLElementEventMap {
    'alcove-checkpoint-select': CheckpointSelectEvent;
    'alcove-model-review': ModelReviewEvent;
  }
}
