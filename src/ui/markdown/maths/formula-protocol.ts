/** A text, or an element of KaTeX's output. */
export type FormulaNode = string | FormulaElement;

export interface FormulaElement {
  readonly name: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly children: readonly FormulaNode[];
}

export interface FormulaMethods {
  /** Resolves when the worker is loaded, so that this time does not count as a formula's. */
  readonly start: { readonly input: undefined; readonly output: undefined };
  /** Undefined for a formula that stays text. */
  readonly render: {
    readonly input: { readonly tex: string; readonly isDisplay: boolean };
    readonly output: readonly FormulaNode[] | undefined;
  };
}
