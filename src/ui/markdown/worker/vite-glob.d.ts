/** Type of Vite's `import.meta.glob`; Vite's own types would bring the DOM into the worker. */
interface ImportMeta {
  glob<Value>(pattern: string, options: { eager: true; import: 'default' }): Record<string, Value>;
}
