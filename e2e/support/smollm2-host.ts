import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { smolLm2Path } from '../../tools/python-packages.ts';
import { serveCatalogue } from './catalogues.ts';
import { type FaultServer, type FaultServerRequest, startFaultServer } from './fault-server.ts';
import { forward } from './forward.ts';
import type { SiteServer } from './site-server.ts';

/** SmolLM2 135M Instruct, Q4_1: a real model, small enough for a test. */
export const SMOLLM2 = {
  path: smolLm2Path(),
  id: 'smollm2-135m-q4_1',
  name: 'SmolLM2 135M',
  sizeBytes: statSync(smolLm2Path()).size,
};

/** Has sites offer the model. */
export class SmolLm2Host {
  readonly #faults: FaultServer;
  readonly #sha256 = createHash('sha256').update(readFileSync(SMOLLM2.path)).digest('hex');

  private constructor(faults: FaultServer) {
    this.#faults = faults;
  }

  static async start(): Promise<SmolLm2Host> {
    return new SmolLm2Host(await startFaultServer({ directories: { real: dirname(SMOLLM2.path) } }));
  }

  close(): Promise<void> {
    return this.#faults.close();
  }

  /** Has the site offer the model, and no other. @param query a fault of the first request, as `&fault=reset@100&times=1` */
  offer(site: SiteServer, query = ''): { requests: () => Promise<FaultServerRequest[]> } {
    const { origin } = this.#faults;
    const space = new URL(site.origin).port;
    const target = `${origin}/${space}/smollm2.gguf?disk=real/${encodeURIComponent(basename(SMOLLM2.path))}${query}`;
    site.route('/weights/smollm2.gguf', (request, response) => forward(request, response, target));
    const { id, name, sizeBytes } = SMOLLM2;
    serveCatalogue(site, [
      {
        id,
        name,
        family: 'SmolLM2',
        maker: 'Hugging Face',
        engine: 'wllama',
        quantization: 'Q4_1',
        parameterCount: 135_000_000,
        contextWindow: 2048,
        vramBytes: 200_000_000,
        requiredFeatures: [],
        licence: { name: 'Apache-2.0', url: 'https://spdx.org/licenses/Apache-2.0.html' },
        source: {
          kind: 'files',
          revision: '1',
          files: [{ path: 'smollm2.gguf', url: 'weights/smollm2.gguf', sizeBytes, sha256: this.#sha256 }],
        },
      },
    ]);
    return {
      requests: async () => (await (await fetch(`${origin}/_requests/${space}`)).json()) as FaultServerRequest[],
    };
  }
}
