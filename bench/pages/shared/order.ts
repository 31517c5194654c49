/** An order from the harness to a page. */
export type Order =
  /** Keeps the main thread busy, so that the harness can recognize the page's process. */
  { readonly type: 'spin'; readonly ms: number } | { readonly type: 'run'; readonly options: object };
