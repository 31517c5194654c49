import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { randomProjector } from '../../src/engine/wllama/testing/random-projector.ts';
import { llamaServerPython } from '../../tools/python-packages.ts';

export interface LlamaServerOptions {
  /** Path of a GGUF. */
  readonly model: string;
  readonly contextWindow: number;
  readonly key?: string;
  /** In place of the GGUF's chat template. */
  readonly template?: string;
  /** With a projector of random weights for a model of this embedding length: it reads images, and its answers about them mean nothing. */
  readonly projectorWidth?: number;
}

export interface LlamaServer {
  /** Without a path. */
  readonly url: string;
  close(): Promise<void>;
}

/** llama.cpp's server, in a process of its own. @throws Error if it cannot be installed or does not start */
export async function startLlamaServer({ projectorWidth, ...options }: LlamaServerOptions): Promise<LlamaServer> {
  const script = resolve(import.meta.dirname, 'llama-server.py');
  const folder = mkdtempSync(join(tmpdir(), 'alcove-llama-'));
  const projector = join(folder, 'mmproj.gguf');
  if (projectorWidth !== undefined) writeFileSync(projector, randomProjector(projectorWidth));
  const given = JSON.stringify({ ...options, ...(projectorWidth !== undefined && { projector }) });
  const child = spawn(llamaServerPython(), [script, given], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.once('exit', () => rmSync(folder, { recursive: true }));
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
