import type { ModelRecord } from '../../../models/model-record.ts';
import type { RepositoryChoice } from '../../../session/models/add/repository.ts';

/** The user has chosen a checkpoint of a repository. */
export class CheckpointSelectEvent extends Event {
  static readonly eventName = 'alcove-checkpoint-select';
  readonly choice: RepositoryChoice;

  constructor(choice: RepositoryChoice) {
    super(CheckpointSelectEvent.eventName);
    this.choice = choice;
  }
}

/** The user's decision about a model under review. */
export type DraftStep = 'add' | 'add-and-get' | 'cancel';

export class ModelReviewEvent extends Event {
  static readonly eventName = 'alcove-model-review';
  readonly step: DraftStep;
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
