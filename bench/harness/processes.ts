import { readdirSync, readFileSync } from 'node:fs';

/** Numbers about a browser's processes, from Linux's /proc. */
export interface BrowserProcess {
  readonly pid: number;
  /** `browser`, `renderer`, `gpu-process`, `utility` … */
  readonly type: string;
}

/** All processes of the browser that runs in a profile folder: its main process and every descendant. */
export function browserProcesses(profileFolder: string): BrowserProcess[] {
  const parents = new Map<number, number>();
  const commands = new Map<number, string>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const pid = Number(name);
    const command = read(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ');
    const stat = read(`/proc/${pid}/stat`);
    if (command === undefined || stat === undefined) continue;
    commands.set(pid, command);
    // The command's name, in parentheses, may contain spaces.
    parents.set(pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const isBrowser = (pid: number): boolean => {
    const command = commands.get(pid) ?? '';
    return command.includes(`--user-data-dir=${profileFolder}`) && !command.includes('--type=');
  };
  const belongs = (pid: number): boolean => {
    for (let at: number | undefined = pid; at !== undefined; at = parents.get(at)) if (isBrowser(at)) return true;
    return false;
  };
  return [...commands.keys()].filter(belongs).map((pid) => ({
    pid,
    type: /--type=([\w-]+)/.exec(commands.get(pid) ?? '')?.[1] ?? 'browser',
  }));
}

/** Proportional set size: private memory, and each shared page divided by the processes that share it. 0 if it ended. */
export function pssBytes(pid: number): number {
  const kilobytes = /^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

/** Bytes that a process has read by system calls, from the disk or the page cache. 0 if it ended. */
export function readBytes(pid: number): number {
  return Number(/^rchar: (\d+)/m.exec(read(`/proc/${pid}/io`) ?? '')?.[1] ?? 0);
}

/** Time that a process has used the processor, in clock ticks. */
export function cpuTicks(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields?.[11] ?? 0) + Number(fields?.[12] ?? 0);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The process has ended or belongs to another user.
    return undefined;
  }
}
