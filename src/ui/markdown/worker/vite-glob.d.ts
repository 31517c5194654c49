/** Vite's; its own types would bring the page's DOM into the worker. */
interface ImportMeta {
  glob<Value>(pattern: string, options: { eager: true; import: 'default' }): Record<string, Value>;
}
