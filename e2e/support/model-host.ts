import type { RequestListener } from 'node:http';
import type { ModelFile, ModelRecord } from '../../src/models/model-record.ts';
import type { Fault, FaultServer, FaultServerRequest } from './fault-server.ts';
import { forward } from './forward.ts';
import type { SiteServer } from './site-server.ts';
import { hashFile, syntheticFile } from './synthetic-file.ts';

export const MIB = 1024 * 1024;

/** How a file is served from now on. */
export interface Serving {
  readonly fault?: Fault;
  /** How many requests the fault meets; without it, all. */
  readonly times?: number;
  /** Bytes per second of the whole host together. */
  readonly rate?: number;
  /** Other bytes than the catalogue promises. */
  readonly seed?: number;
}

interface HostedFile {
  readonly path: string;
  readonly seed: number;
  readonly sizeBytes: number;
}

/**
 * A model whose files are made up, at addresses below the site's own (`/weights/…`), which a fault server answers. It
 * downloads and verifies like any other, and could not be loaded.
 */
export class ModelHost {
  readonly record: ModelRecord;
  readonly #faultServer: FaultServer;
  readonly #space: string;
  readonly #files: readonly HostedFile[];

  private constructor(record: ModelRecord, faultServer: FaultServer, space: string, files: readonly HostedFile[]) {
    this.record = record;
    this.#faultServer = faultServer;
    this.#space = space;
    this.#files = files;
  }

  /** @param shardBytes the sizes of `params_shard_0.bin` and so on */
  static async create(
    faultServer: FaultServer,
    site: SiteServer,
    options: { id: string; name: string; shardBytes: readonly number[] },
  ): Promise<ModelHost> {
    const { id, name, shardBytes } = options;
    const space = `${id}-${new URL(site.origin).port}`;
    const files: HostedFile[] = [
      { path: 'library.wasm', seed: 100, sizeBytes: 2000 },
      ...shardBytes.map((sizeBytes, index) => ({ path: `params_shard_${index}.bin`, seed: index + 1, sizeBytes })),
    ];
    const listed: ModelFile[] = await Promise.all(
      files.map(async ({ path, seed, sizeBytes }) => {
        const { sha256 } = await hashFile(syntheticFile(seed, sizeBytes));
        return { path, url: `weights/${id}/${path}`, sizeBytes, sha256 };
      }),
    );
    const host = new ModelHost(syntheticRecord(id, name, listed), faultServer, space, files);
    for (const { path } of files) {
      await host.serve(path, {});
      site.route(`/weights/${id}/${path}`, host.#listener(path));
    }
    return host;
  }

  get totalBytes(): number {
    return this.#files.reduce((total, file) => total + file.sizeBytes, 0);
  }

  /** Changes how one file is served; `{}` serves it as it is. */
  async serve(path: string, serving: Serving): Promise<void> {
    const file = this.#files.find((candidate) => candidate.path === path);
    if (file === undefined) throw new Error(`${this.record.id} has no ${path}`);
    const { seed, ...rest } = serving;
    const query = new URLSearchParams({ seed: String(seed ?? file.seed), size: String(file.sizeBytes) });
    for (const [name, value] of Object.entries(rest)) query.set(name, String(value));
    await fetch(`${this.#faultServer.origin}/_set/${this.#space}/${path}?${query}`, { method: 'POST' });
  }

  async serveAll(serving: Serving): Promise<void> {
    for (const { path } of this.#files) await this.serve(path, serving);
  }

  /** The requests that reached the host, of one file or of all. */
  async requests(path?: string): Promise<FaultServerRequest[]> {
    const response = await fetch(`${this.#faultServer.origin}/_requests/${this.#space}`);
    const requests = (await response.json()) as FaultServerRequest[];
    return path === undefined ? requests : requests.filter((request) => request.path === path);
  }

  async sentBytes(path?: string): Promise<number> {
    return (await this.requests(path)).reduce((total, request) => total + request.sentBytes, 0);
  }

  #listener(path: string): RequestListener {
    return (request, response) => forward(request, response, `${this.#faultServer.origin}/${this.#space}/${path}`);
  }
}

function syntheticRecord(id: string, name: string, files: readonly ModelFile[]): ModelRecord {
  return {
    id,
    name,
    family: 'Test',
    maker: 'Test',
    engine: 'webllm',
    quantization: 'q4f32_1',
    parameterCount: 1_000_000,
    contextWindow: 2048,
    vramBytes: 64 * MIB,
    requiredFeatures: [],
    licence: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' },
    source: { kind: 'files', revision: '1', files },
  };
}
