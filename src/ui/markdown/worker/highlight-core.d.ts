/** Types for the part of highlight.js that is used here. */
export interface HighlightResult {
  /** Not public: the tree that highlight.js makes its HTML from. */
  readonly _emitter?: unknown;
}

export type LanguageFn = (hljs: unknown) => object;

declare const hljs: {
  getLanguage(name: string): object | undefined;
  registerLanguage(name: string, definition: LanguageFn): void;
  highlight(code: string, options: { language: string; ignoreIllegals?: boolean }): HighlightResult;
};
export default hljs;
