import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { llamaServerPython } from '../../tools/python-packages.ts';

export interface LlamaServerOptions {
  /** Path of a GGUF. */
  readonly model: string;
  readonly contextWindow: number;
  readonly key?: string;
  /** In place of the GGUF's chat template. */
  readonly template?: string;
}

export interface LlamaServer {
  /** Without a path. */
  readonly url: string;
  close(): Promise<void>;
}

/** llama.cpp's server, in a process of its own. @throws Error if it cannot be installed or does not start */
export async function startLlamaServer(options: LlamaServerOptions): Promise<LlamaServer> {
  const script = resolve(import.meta.dirname, 'llama-server.py');
  const child = spawn(llamaServerPython(), [script, JSON.stringify(options)], { stdio: ['pipe', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-4_000);
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^listening (http:\S+)$/.exec(line)?.[1];
    if (url === undefined) continue;
    // What it says from now on nobody reads; a full pipe would stop it.
    child.stdout.resume();
    return {
      url,
      close: async () => {
        const exited = once(child, 'exit');
        child.kill('SIGKILL');
        await exited;
      },
    };
  }
  throw new Error(`llama.cpp's server did not start:\n${log}`);
}
