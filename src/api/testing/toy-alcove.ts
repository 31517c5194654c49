import type { EmbedCall, Embeddings, GenerateCall, GenerateEvent, LoadProgress } from '../../engine/engine.ts';
import type { Edit } from '../../engine/webllm/testing/damage.ts';
import { fetchToyRecord, storeToyModel } from '../../engine/webllm/testing/store-toy-model.ts';
import { WllamaEngine } from '../../engine/wllama/wllama-engine.ts';
import type { ModelTarget } from '../../models/backend.ts';
import type { EngineId } from '../../models/model-record.ts';
import { ModelSession } from '../../session/model-session.ts';
import { createDefaultEngine } from '../../session/runtime/create-engine.ts';
import { Alcove } from '../alcove.ts';

export const TOY = 'toy-f32-GGUF';
export const WEBLLM_TOY = 'toy-q0f32-MLC';

/** llama.cpp on one thread: several of them would wait for each other on a loaded machine. */
class SingleThreadedLlama extends WllamaEngine {
  override load({ model }: ModelTarget, signal: AbortSignal): AsyncGenerator<LoadProgress, void> {
    return super.load({ model }, signal);
  }

  override generate({ backend: _, ...call }: GenerateCall, signal: AbortSignal): AsyncGenerator<GenerateEvent> {
    return super.generate(call, signal);
  }

  override embed({ backend: _, ...call }: EmbedCall, signal: AbortSignal): Promise<Embeddings> {
    return super.embed(call, signal);
  }
}

export function openAlcove(databaseName?: string): Alcove {
  return new Alcove(openSession(databaseName));
}

/** @param databaseName default: a new one, in which no model is stored */
export function openSession(databaseName = `test-${crypto.randomUUID()}`): ModelSession {
  const storeName = `${databaseName}-weights`;
  const createEngine = async (id: EngineId) => {
    if (id !== 'wllama') return createDefaultEngine(id, storeName, databaseName);
    return new SingleThreadedLlama({ storeName, backend: { kind: 'single' } });
  };
  const catalogueUrl = new URL('/catalogue.json', location.href).href;
  return new ModelSession({ catalogueUrl, databaseName, createEngine });
}

/** An instance whose only downloaded model is the toy of llama.cpp, or of web-llm. */
export async function openToyAlcove(
  engine: 'wllama' | 'webllm' = 'wllama',
  edits: Readonly<Record<string, Edit>> = {},
): Promise<Alcove> {
  return new Alcove(await openToySession(engine, edits));
}

export async function openToySession(
  engine: 'wllama' | 'webllm' = 'wllama',
  edits: Readonly<Record<string, Edit>> = {},
): Promise<ModelSession> {
  const databaseName = `test-${crypto.randomUUID()}`;
  await storeToyModel(`${databaseName}-weights`, await fetchToyRecord(engine), edits);
  return openSession(databaseName);
}

export function user(content: string) {
  return [{ role: 'user' as const, content }];
}

/** What a call rejects with; fails if it resolves. */
export async function rejection(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error('the call resolved where it had to reject');
}
