/** WebAssembly text, compiled by tools/wat-plugin.ts; both are base64. */
declare module '*.wat' {
  /** For a memory that threads share. */
  export const shared: string;
  /** For a memory of one thread, where the page is not cross-origin isolated. */
  export const unshared: string;
}
