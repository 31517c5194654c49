import type { ByteSource } from '../models/gguf/byte-source.ts';
import { AlcoveError } from '../platform/errors.ts';
import { BodyMeter } from '../platform/requests.ts';
import { type PlanOptions, request } from './http.ts';

/** Reads parts of a file at an address. @throws from `read`: AlcoveError as planDownload; AbortError */
export function urlSource(name: string, url: string, options: PlanOptions): ByteSource {
  let sizeBytes: number | undefined;
  return {
    name,
    get sizeBytes() {
      return sizeBytes;
    },
    async read(startByte, endByte) {
      const end = sizeBytes === undefined ? endByte : Math.min(endByte, sizeBytes);
      if (end <= startByte) return new Uint8Array();
      const meter = new BodyMeter(url);
      const response = await request(url, { headers: { Range: `bytes=${startByte}-${end - 1}` } }, options);
      sizeBytes ??= wholeSize(response);
      if (response.status === 206) return new Uint8Array(await response.arrayBuffer());
      return readUpTo(response, startByte, endByte, url, meter);
    },
  };
}

/** The size of the whole file, from a partial or a full response. Hosts may hide both headers from other origins. */
function wholeSize(response: Response): number | undefined {
  const stated =
    response.status === 206
      ? response.headers.get('Content-Range')?.split('/')[1]
      : response.headers.get('Content-Length');
  const sizeBytes = Number(stated ?? Number.NaN);
  return Number.isSafeInteger(sizeBytes) && sizeBytes > 0 ? sizeBytes : undefined;
}

/** For hosts that ignore Range: ends the response as soon as the part has arrived. */
async function readUpTo(
  response: Response,
  startByte: number,
  endByte: number,
  url: string,
  meter: BodyMeter,
): Promise<Uint8Array> {
  const part = new Uint8Array(endByte - startByte);
  let at = 0;
  if (response.body === null) throw new AlcoveError('server-error', `${url} is empty`, { data: { url } });
  for await (const piece of response.body) {
    const from = Math.max(0, startByte - at);
    const wanted = piece.subarray(from, Math.max(from, endByte - at));
    if (wanted.length > 0) part.set(wanted, at + from - startByte);
    at += piece.length;
    meter.add(piece.length);
    if (at < endByte) continue;
    meter.report();
    // Leaving the loop cancels the rest.
    return part;
  }
  return part.subarray(0, Math.max(0, at - startByte));
}
