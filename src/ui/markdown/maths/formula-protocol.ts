export interface FormulaMethods {
  /** Resolves when the worker is loaded, so that this time does not count as a formula's. */
  readonly start: { readonly input: undefined; readonly output: undefined };
  /** Markup of KaTeX with `data-style` in place of `style`; undefined for a formula that stays text. */
  readonly render: {
    readonly input: { readonly tex: string; readonly isDisplay: boolean };
    readonly output: string | undefined;
  };
}
