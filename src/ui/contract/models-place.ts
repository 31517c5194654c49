/** What the page for models shows. */
export type ModelsPlace =
  | { readonly at: 'list' }
  /** @param modelId of any of the model's variants */
  | { readonly at: 'model'; readonly modelId: string }
  | { readonly at: 'comparison'; readonly modelIds: readonly string[] };

export const ALL_MODELS: ModelsPlace = { at: 'list' };

/** The user goes from the list of models to one of them, to a comparison, or back. Cancelable: the app changes the address. */
export class ModelsPlaceEvent extends Event {
  static readonly eventName = 'alcove-models-place';
  readonly place: ModelsPlace;

  constructor(place: ModelsPlace) {
    super(ModelsPlaceEvent.eventName, { bubbles: true, composed: true, cancelable: true });
    this.place = place;
  }
}

declare global {
  interface HTMLElementEventMap {
    'alcove-models-place': ModelsPlaceEvent;
  }
}
