import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { KEY, startRealServers } from './real-servers.ts';

/** Vitest's global setup of `npm run test:servers`: `inject('realServers')`. `POST {killVllm}` ends vLLM as a crash would. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const servers = await startRealServers();
  const killer = createServer((_, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    void servers.vllm.kill().then(() => response.end());
  });
  killer.listen(0, '127.0.0.1');
  await once(killer, 'listening');
  const killVllm = `http://127.0.0.1:${(killer.address() as AddressInfo).port}`;
  project.provide('realServers', { vllm: servers.vllm.url, liteLlm: servers.liteLlm.url, key: KEY, killVllm });
  return async () => {
    killer.close();
    await servers.close();
  };
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly realServers: {
      readonly vllm: string;
      readonly liteLlm: string;
      readonly key: string;
      readonly killVllm: string;
    };
  }
}
