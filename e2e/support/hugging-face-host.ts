import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import type { FaultServer } from './fault-server.ts';
import type { RepoDefinition } from './fault-server-huggingface.ts';
import { forward } from './forward.ts';

/** A host that no content security policy of ours allows. */
export const UNLISTED_HOST = 'weights.unlisted.example';

/** Has the same paths as huggingface.co, which no content security policy of ours allows by itself. */
export const MIRROR_HOST = 'mirror.unlisted.example';

/** Where the libraries of the shipped catalogue lie. */
export const LIBRARY_HOST = 'raw.githubusercontent.com';

/** Hosts that the test browser finds here instead of on the internet. */
const HOSTS = ['huggingface.co', '*.hf.co', LIBRARY_HOST, UNLISTED_HOST, MIRROR_HOST];

/**
 * huggingface.co and the hosts it redirects to, under their real names: the browser resolves them to this machine
 * (`resolverRules`) and takes its self-made certificate, so that addresses and content security policy are the real
 * ones.
 */
export class HuggingFaceHost {
  /** Where large files are redirected to. */
  cdnHost = 'us.cdn.hf.co';
  /** What the host of libraries has, whatever it is asked for; undefined for made-up bytes. */
  library: Uint8Array | undefined;
  readonly #faultServer: FaultServer;
  readonly #server: Server;
  #space = 'none';

  private constructor(faultServer: FaultServer, server: Server) {
    this.#faultServer = faultServer;
    this.#server = server;
  }

  static async start(faultServer: FaultServer): Promise<HuggingFaceHost> {
    const certificate = await generate([{ name: 'commonName', value: 'huggingface.co' }], { keyType: 'ec' });
    const server = createServer({ key: certificate.private, cert: certificate.cert });
    const host = new HuggingFaceHost(faultServer, server);
    server.on('request', (request, response) => {
      const [name] = (request.headers.host ?? '').split(':');
      const path = request.url ?? '/';
      if (name === LIBRARY_HOST && host.library !== undefined) {
        response.writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Content-Length': host.library.byteLength });
        response.end(host.library);
        return;
      }
      const target = {
        'huggingface.co': `/${host.#space}/huggingface${path}`,
        [MIRROR_HOST]: `/${host.#space}/huggingface${path}`,
        [LIBRARY_HOST]: `/${host.#space}/library.wasm?seed=100&size=2000`,
      }[name ?? ''];
      forward(request, response, `${faultServer.origin}${target ?? path}`, (location) =>
        location
          .replace(faultServer.mirrorOrigin, `https://${host.cdnHost}`)
          .replace(`${faultServer.origin}/${host.#space}/huggingface`, 'https://huggingface.co'),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return host;
  }

  /** For Chromium's `--host-resolver-rules`. */
  get resolverRules(): string {
    const { port } = this.#server.address() as AddressInfo;
    return HOSTS.map((host) => `MAP ${host}:443 127.0.0.1:${port}`).join(',');
  }

  /** Puts up a repository; those of other spaces are gone. */
  async define(space: string, name: string, repo: RepoDefinition): Promise<void> {
    this.#space = space;
    const url = `${this.#faultServer.origin}/_repo/${space}/${name}`;
    await fetch(url, { method: 'POST', body: JSON.stringify(repo) });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
