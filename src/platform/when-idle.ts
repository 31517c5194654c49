/** Longest wait for the browser to be idle, in ms: a page that never is, for an animation, gets its work done too. */
const LIMIT_MS = 2_000;

/** Runs `work` when the browser is idle; in Safari, which has no requestIdleCallback, after 200 ms. */
export function whenIdle(work: () => unknown): void {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(() => void work(), { timeout: LIMIT_MS });
  else setTimeout(work, 200);
}
