import type { TestProject } from 'vitest/node';
import { startFaultServer } from './fault-server.ts';

/** Vitest's global setup: tests in the browser reach the server by `inject('faultServer')`. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startFaultServer({ directories: { toy: 'public/models/toy' } });
  project.provide('faultServer', { origin: server.origin, mirrorOrigin: server.mirrorOrigin });
  return () => server.close();
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly faultServer: { readonly origin: string; readonly mirrorOrigin: string };
  }
}
