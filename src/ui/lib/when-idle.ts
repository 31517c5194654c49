/** Begins what can wait once the page has nothing better to do. Safari has no requestIdleCallback: there, in a moment. */
export function whenIdle(work: () => unknown): void {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(() => void work());
  else setTimeout(work, 200);
}
