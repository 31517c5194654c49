/** Runs `work` when the browser is idle; in Safari, which has no requestIdleCallback, after 200 ms. */
export function whenIdle(work: () => unknown): void {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(() => void work());
  else setTimeout(work, 200);
}
