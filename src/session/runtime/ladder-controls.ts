/** What a person may ask about the way in which a model runs. */
export interface RuntimeControls {
  /** Loads the model again in the way that was left when it failed, and forgets the failure. */
  tryAgain(modelId: string): Promise<void>;
  /** After a load that ended the page: load it all the same, or in another way. */
  answer(choice: 'load' | 'other-way'): Promise<void>;
  /** Measures every way in which the stored model can run, and keeps the fastest. Resolves when that is loaded. */
  measure(modelId: string): Promise<void>;
  stopMeasuring(): void;
  /** The change has been read. */
  dismissChange(): void;
}
