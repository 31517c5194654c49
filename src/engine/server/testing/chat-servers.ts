import { inject } from 'vitest';
import { type CustomServer, serverRecords, toBaseUrl } from '../../../models/catalogue/custom-server.ts';
import type { ModelRecord } from '../../../models/model-record.ts';
import { listModels } from '../list-models.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of e2e/support/vitest-chat-servers.ts. */
    readonly chatServers: { readonly llama: string; readonly faults: string };
  }
}

/** The embedding length of the toy. */
export const TOY_WIDTH = 128;

/** 1 × 1 pixel. */
export const PICTURE =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

export interface LlamaOptions {
  readonly key?: string;
  readonly template?: string;
  /** The model reads images with a projector of random weights; see e2e/support/llama-server.ts. */
  readonly projectorWidth?: number;
}

/** Starts llama.cpp's server with the toy model, and returns the model's record. */
export async function startLlama(options: LlamaOptions = {}): Promise<ModelRecord> {
  return recordOf(await startLlamaServer(options), options.key);
}

/** As `startLlama`, and returns its address. */
export async function startLlamaServer(options: LlamaOptions = {}): Promise<string> {
  const body = JSON.stringify({ model: 'public/models/toy/toy-f32.gguf', contextWindow: 2048, ...options });
  const response = await fetch(inject('chatServers').llama, { method: 'POST', body });
  if (!response.ok) throw new Error(await response.text());
  const { url } = (await response.json()) as { url: string };
  return url;
}

/** The first model of a server. */
export async function recordOf(address: string, key?: string): Promise<ModelRecord> {
  const baseUrl = toBaseUrl(address) ?? '';
  const listing = await listModels(baseUrl, { key, signal: new AbortController().signal });
  const server: CustomServer = { id: address, baseUrl, hasKey: key !== undefined, listedAt: Date.now(), ...listing };
  const [record] = serverRecords(server);
  if (record === undefined) throw new Error(`${address} has no model`);
  return record;
}

/** A model `m` of a server with a fault, without asking it. */
export function faultyRecord(fault: string): ModelRecord {
  return recordFor(`${inject('chatServers').faults}/${fault}`);
}

export function recordFor(address: string): ModelRecord {
  const models = [{ name: 'm', contextWindow: undefined }];
  const server: CustomServer = {
    id: address,
    baseUrl: toBaseUrl(address) ?? '',
    kind: 'other',
    hasKey: false,
    models,
    listedAt: undefined,
  };
  const [record] = serverRecords(server);
  if (record === undefined) throw new Error('a server without models');
  return record;
}
