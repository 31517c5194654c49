/** What the harness tells a page to do. */
export type Order =
  /** Keep the main thread busy, so that its process can be told from the others. */
  { readonly type: 'spin'; readonly ms: number } | { readonly type: 'run'; readonly options: object };
