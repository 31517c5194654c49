import type { ModelRecord } from '../model-record.ts';

/**
 * The hosts that a download asks first, so that the user knows who learns of it; where they send it on to is not known
 * before. None for a model on the disk, on a server, or of the browser.
 */
export function hostsOf({ source }: ModelRecord, huggingFaceHost = 'huggingface.co'): readonly string[] {
  switch (source.kind) {
    case 'server':
    case 'custom-server':
    case 'browser':
    case 'disk':
      return [];
    case 'huggingface':
      return [huggingFaceHost, ...(source.library === undefined ? [] : [new URL(source.library.url).host])];
    default:
      return [...new Set(source.files.map((file) => new URL(file.url).host))];
  }
}
