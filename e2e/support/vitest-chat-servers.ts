import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { startChatFaults } from './chat-faults.ts';
import { type LlamaServer, type LlamaServerOptions, startLlamaServer } from './llama-server.ts';

/**
 * Vitest's global setup for tests of chat servers: `inject('chatServers')`. llama.cpp's server starts when a test
 * asks for it: `POST {llama}` with its options gives `{ url }`.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const faults = await startChatFaults();
  const running: Promise<LlamaServer>[] = [];
  const starter = createServer((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    const start = async (): Promise<void> => {
      const chunks: Buffer[] = [];
      for await (const bytes of request) chunks.push(bytes as Buffer);
      const starting = startLlamaServer(JSON.parse(Buffer.concat(chunks).toString()) as LlamaServerOptions);
      running.push(starting);
      response.end(JSON.stringify({ url: (await starting).url }));
    };
    start().catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  starter.listen(0, '127.0.0.1');
  await once(starter, 'listening');
  const llama = `http://127.0.0.1:${(starter.address() as AddressInfo).port}`;
  project.provide('chatServers', { llama, faults: faults.origin });
  return async () => {
    await Promise.allSettled(running.map(async (server) => (await server).close()));
    starter.close();
    await faults.close();
  };
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly chatServers: { readonly llama: string; readonly faults: string };
  }
}
