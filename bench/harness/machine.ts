import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem, type } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { ENGINE_VERSIONS } from '../../src/models/engines/engine-profiles.ts';
import { requireChromium } from '../../tools/find-chromium.ts';

/** What a benchmark ran on. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly system: string;
  readonly node: string;
  readonly chromium: string;
  readonly webLlm: string;
  readonly wllama: string;
  /** The measured commit; undefined where nobody noted it. */
  readonly commit?: string;
}

export function machine(): Machine {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    chromium: command(requireChromium(), '--version'),
    webLlm: ENGINE_VERSIONS['webllm'] ?? 'unknown',
    wllama: ENGINE_VERSIONS['wllama'] ?? 'unknown',
    commit: command('git', 'rev-parse', '--short', 'HEAD'),
  };
}

/** Whether other programs use more than a tenth of the processor during one second. */
export async function hasOtherLoad(): Promise<boolean> {
  const before = processorMs();
  await sleep(1_000);
  const after = processorMs();
  return (after.busy - before.busy) / (after.all - before.all) > 0.1;
}

function processorMs(): { readonly busy: number; readonly all: number } {
  const times = cpus().map(({ times: { user, nice, sys, irq, idle } }) => ({ busy: user + nice + sys + irq, idle }));
  const busy = times.reduce((sum, core) => sum + core.busy, 0);
  return { busy, all: times.reduce((sum, core) => sum + core.idle, busy) };
}

function command(name: string, ...args: readonly string[]): string {
  try {
    return execFileSync(name, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}
