/** Resolves in a task of its own, so that the browser can paint and take input before the rest of a long piece of work. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
