import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { liteLlmProgram, vllmPython } from '../../tools/python-packages.ts';
import { freePort } from './free-port.ts';
import { startLlamaServer } from './llama-server.ts';

/** LiteLLM refuses to start without a key, or with a short one. */
export const KEY = `sk-${'0123456789abcdef'.repeat(3)}`;

/** vLLM takes about a minute to start, on two busy cores several. */
const START_TIMEOUT_MS = 600_000;

export interface RealServer {
  /** Without a path. */
  readonly url: string;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
}

export interface RealServers {
  readonly vllm: RealServer;
  readonly liteLlm: RealServer;
  close(): Promise<void>;
}

/** vLLM with the toy, and LiteLLM's proxy in front of it and of llama.cpp's server. @throws Error with a server's last words */
export async function startRealServers(): Promise<RealServers> {
  const folder = mkdtempSync(join(tmpdir(), 'alcove-servers-'));
  const python = vllmPython();
  const toy = join(folder, 'toy');
  const { status, stderr } = spawnSync(python, [resolve('tools/toy-model/huggingface.py'), toy], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const vllm = await start(
    python,
    ['-m', 'vllm.entrypoints.openai.api_server', '--model', toy, '--served-model-name', 'toy', ...VLLM_FLAGS],
    // Memory of the KV cache, GiB.
    { VLLM_CPU_KVCACHE_SPACE: '1', VLLM_NO_USAGE_STATS: '1', HF_HUB_OFFLINE: '1' },
  );
  const llama = await startLlamaServer({
    model: 'public/models/toy/toy-f32.gguf',
    contextWindow: 2048,
    projectorWidth: TOY_WIDTH,
  });
  const config = join(folder, 'litellm.json');
  // JSON is YAML.
  writeFileSync(
    config,
    JSON.stringify({
      model_list: [
        proxied('toy-on-vllm', `hosted_vllm/toy`, vllm.url, KEY),
        proxied('toy-on-llama-cpp', 'openai/toy', llama.url, 'none'),
      ],
    }),
  );
  const liteLlm = await start(liteLlmProgram(), ['--config', config], {
    LITELLM_MASTER_KEY: KEY,
    LITELLM_LOCAL_MODEL_COST_MAP: 'True',
  });
  return {
    vllm,
    liteLlm,
    close: async () => {
      await Promise.all([vllm.kill(), liteLlm.kill(), llama.close()]);
      rmSync(folder, { recursive: true });
    },
  };
}

/** Embedding length of the toy. */
const TOY_WIDTH = 128;

const VLLM_FLAGS = [
  // Without it no page of another origin gets an answer.
  '--allowed-origins',
  '["*"]',
  '--api-key',
  KEY,
  '--dtype',
  'float32',
  '--max-model-len',
  '2048',
  '--max-num-seqs',
  '8',
  // Without it vLLM compiles the model at each start.
  '--enforce-eager',
  '--enable-auto-tool-choice',
  '--tool-call-parser',
  'hermes',
  '--enable-prompt-tokens-details',
];

function proxied(name: string, model: string, url: string, key: string) {
  return { model_name: name, litellm_params: { model, api_base: `${url}/v1`, api_key: key } };
}

/** Starts a server on a free port, in a process group of its own, and waits until it answers. */
async function start(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<RealServer> {
  const port = await freePort();
  const child = spawn(program, [...args, '--host', '127.0.0.1', '--port', String(port)], {
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const output of [child.stdout, child.stderr]) {
    output.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-4_000);
    });
  }
  const exited = once(child, 'exit');
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    killGroup(child);
    await exited;
  };
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(`${url}/v1/models`))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await kill();
      throw new Error(`${program} did not start:\n${log}`);
    }
    await new Promise((wait) => setTimeout(wait, 500));
  }
  return { url, kill };
}

/** vLLM's engine is a process of its own, which outlives its parent for a while. */
function killGroup({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, 'SIGKILL');
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { headers: { Authorization: `Bearer ${KEY}` } })).ok;
  } catch {
    return false;
  }
}
