/// <reference types="vitest/config" />
import { inject } from 'vitest';
import type { ModelFile, ModelRecord } from '../../models/model-record.ts';
import { madeUpRecord } from '../../models/testing/made-up.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly faultServer: { readonly origin: string; readonly mirrorOrigin: string };
  }
}

/** A request as the fault server (e2e/support/fault-server.ts) saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly range?: string;
  readonly status: number;
  readonly sentBytes: number;
}

export interface TestFile {
  readonly path: string;
  readonly size: number;
  readonly seed?: number;
  readonly fault?: string;
  /** Requests that the fault is for; all if left out. */
  readonly times?: number;
}

/** A space of its own on the fault server, so that a test counts its own requests only. */
export class FaultHost {
  readonly #origin = inject('faultServer').origin;
  readonly #space = crypto.randomUUID();

  /** In Hugging Face's shape. */
  get huggingFaceUrl(): string {
    return `${this.#origin}/${this.#space}/huggingface`;
  }

  url(file: TestFile): string {
    return `${this.#origin}/${this.#space}/${file.path}?${query(file)}`;
  }

  /** A record that lists the files with their right sizes and hashes. */
  async record(files: readonly TestFile[], id: string = crypto.randomUUID()): Promise<ModelRecord> {
    const listed = files.map(async (file): Promise<ModelFile> => {
      const { sha256 } = await this.hash(file);
      return { path: file.path, url: this.url(file), sizeBytes: file.size, sha256 };
    });
    return recordOf(id, { kind: 'files', revision: '1', files: await Promise.all(listed) });
  }

  async hash(file: TestFile): Promise<{ sha256: string; gitBlobId: string }> {
    return (await fetch(`${this.#origin}/_hash?${query(file)}`)).json();
  }

  /** Replaces what the host has under a path from now on. */
  async change(file: TestFile): Promise<void> {
    await this.#post(`_set/${this.#space}/${file.path}?${query(file)}`);
  }

  async defineRepo(name: string, definition: unknown): Promise<void> {
    await this.#post(`_repo/${this.#space}/${name}`, JSON.stringify(definition));
  }

  async requests(): Promise<SeenRequest[]> {
    return (await fetch(`${this.#origin}/_requests/${this.#space}`)).json();
  }

  /** Of file bodies. */
  async sentBytes(path?: string): Promise<number> {
    const seen = (await this.requests()).filter((request) => path === undefined || request.path === path);
    return seen.reduce((sum, request) => sum + request.sentBytes, 0);
  }

  async clear(): Promise<void> {
    await this.#post(`_clear/${this.#space}`);
  }

  async #post(path: string, body?: string): Promise<void> {
    await fetch(`${this.#origin}/${path}`, { method: 'POST', ...(body === undefined ? {} : { body }) });
  }
}

export function recordOf(id: string, source: ModelRecord['source']): ModelRecord {
  return madeUpRecord({ id, name: id, source });
}

function query({ size, seed = 1, fault, times }: TestFile): URLSearchParams {
  const entries = Object.entries({ seed, size, fault, times }).filter(([, value]) => value !== undefined);
  return new URLSearchParams(entries.map(([name, value]) => [name, String(value)]));
}
