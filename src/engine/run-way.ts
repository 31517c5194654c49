import type { RunWay } from './engine.ts';

export function isSameWay(a: RunWay | undefined, b: RunWay | undefined): boolean {
  return a?.rung === b?.rung && a?.threadCount === b?.threadCount;
}
