/** Entries that Page Up and Page Down pass over. */
const PAGE = 8;

/**
 * Where a key leads in a list of which one entry is marked: arrows go round its ends, pages stop there.
 * @returns undefined for other keys, and in an empty list
 */
export function listStep(key: string, index: number, count: number): number | undefined {
  if (count === 0) return undefined;
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: (index + 1) % count,
    ArrowUp: (index + count - 1) % count,
    PageDown: Math.min(count - 1, index + PAGE),
    PageUp: Math.max(0, index - PAGE),
  };
  return steps[key];
}
