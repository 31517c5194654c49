import { afterEach, beforeEach, expect } from 'vitest';

/** Fails each test of a file that leaves a rejection unhandled: the host page must see none. Also empties the page. */
export function expectNoUnhandledRejections(): void {
  const unhandled: unknown[] = [];
  const onUnhandled = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    unhandled.push(event.reason);
  };

  beforeEach(() => addEventListener('unhandledrejection', onUnhandled));

  afterEach(async () => {
    document.body.replaceChildren();
    // Unhandled rejections are reported in a task of their own.
    await new Promise((resolve) => setTimeout(resolve));
    removeEventListener('unhandledrejection', onUnhandled);
    expect(unhandled.splice(0)).toEqual([]);
  });
}
