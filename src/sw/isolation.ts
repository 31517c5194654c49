/**
 * Cross-origin isolation, which WebAssembly threads need, for hosts that cannot send headers. `require-corp` rather
 * than `credentialless`: Safari knows only the first, and model hosts send CORS.
 */
const ISOLATION_HEADERS: Readonly<Record<string, string>> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

/** The same answer with the headers that its host did not send. What the host did send stays. */
export function isolated(response: Response): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(ISOLATION_HEADERS)) {
    if (!headers.has(name)) headers.set(name, value);
  }
  // They describe the bytes on the wire; the body here is decoded.
  headers.delete('Content-Encoding');
  headers.delete('Content-Length');
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
