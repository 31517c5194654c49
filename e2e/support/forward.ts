import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';

/**
 * Passes a request on and its answer back as it comes: a reset stays a reset, a stall a stall. Without `Origin` and
 * `Host` of the first, which are none of the second host's business.
 * @param rewriteLocation what a redirect, or the link to a next page, should point to instead
 */
export function forward(
  request: IncomingMessage,
  response: ServerResponse,
  target: string,
  rewriteLocation: (location: string) => string = (location) => location,
): void {
  const headers: OutgoingHttpHeaders = {};
  for (const name of ['range', 'if-range']) {
    if (request.headers[name] !== undefined) headers[name] = request.headers[name];
  }
  const upstream = httpRequest(target, { method: request.method, headers, agent: false }, (answer) => {
    for (const [name, value] of Object.entries(answer.headers)) {
      if (value !== undefined && !['connection', 'keep-alive', 'transfer-encoding'].includes(name)) {
        response.setHeader(name, name === 'location' || name === 'link' ? rewriteLocation(String(value)) : value);
      }
    }
    response.writeHead(answer.statusCode ?? 502);
    answer.on('error', () => reset(response));
    answer.on('aborted', () => reset(response));
    answer.pipe(response);
  });
  upstream.on('error', () => reset(response));
  response.on('close', () => upstream.destroy());
  request.resume();
  upstream.end();
}

function reset(response: ServerResponse): void {
  const { socket } = response;
  if (socket === null || socket.destroyed) return;
  // A TLS socket cannot send a TCP reset; it ends without a farewell instead.
  if (socket.constructor === Socket) socket.resetAndDestroy();
  else socket.destroy();
}
