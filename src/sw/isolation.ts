/**
 * Headers for cross-origin isolation, which WebAssembly threads need, for hosts that cannot send headers. `require-corp`
 * instead of `credentialless`: Safari supports only the former, and model hosts send CORS headers.
 */
const ISOLATION_HEADERS: Readonly<Record<string, string>> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

/** Adds the headers that the host did not send; keeps those that it did. */
export function isolated(response: Response): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(ISOLATION_HEADERS)) {
    if (!headers.has(name)) headers.set(name, value);
  }
  // These describe the bytes on the wire; the body is already decoded.
  headers.delete('Content-Encoding');
  headers.delete('Content-Length');
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
