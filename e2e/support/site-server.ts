import type { RequestListener, Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { close, listen, RECOMMENDED_HEADERS, staticFiles } from '../../tools/static-server.ts';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

export interface SiteServerOptions {
  /** Folder to serve. Default: the built site. */
  readonly root?: string;
  /** Default: the recommended ones. False: a host that sends no headers of its own. */
  readonly headers?: false | Readonly<Record<string, string>>;
  /** 0, the default, takes a free port. A restart at the same port keeps the origin. */
  readonly port?: number;
}

/** The built site in this process, on an origin of its own. Any path can be answered differently. */
export class SiteServer {
  readonly origin: string;
  /** Paths asked for so far, query included, in order. */
  readonly requests: string[] = [];
  readonly #server: Server;
  readonly #routes: Map<string, RequestListener>;

  private constructor(server: Server, origin: string, routes: Map<string, RequestListener>) {
    this.#server = server;
    this.origin = origin;
    this.#routes = routes;
    server.prependListener('request', (request) => this.requests.push(request.url ?? ''));
  }

  static async start(options: SiteServerOptions = {}): Promise<SiteServer> {
    const headers = options.headers === false ? {} : (options.headers ?? RECOMMENDED_HEADERS);
    const files = staticFiles({ root: options.root ?? DIST, headers });
    const routes = new Map<string, RequestListener>();
    const listener: RequestListener = (request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const route = routes.get(pathname);
      if (route === undefined) return files(request, response);
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      return route(request, response);
    };
    const { server, origin } = await listen(listener, options.port);
    return new SiteServer(server, origin, routes);
  }

  /** Answers a path, such as `/catalogue.json`, in the listener's way from now on; undefined: the file again. */
  route(pathname: string, listener: RequestListener | undefined): void {
    if (listener === undefined) this.#routes.delete(pathname);
    else this.#routes.set(pathname, listener);
  }

  /** Answers a path with this text from now on. */
  serve(pathname: string, body: string, contentType: string): void {
    this.route(pathname, (_, response) => {
      response.writeHead(200, { 'Content-Type': contentType, 'Cache-Control': 'no-cache' });
      response.end(body);
    });
  }

  /** Ends all connections: as a host that is down. */
  stop(): Promise<void> {
    return close(this.#server);
  }
}
