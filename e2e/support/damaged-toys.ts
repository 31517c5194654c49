import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Edit } from '../../src/engine/webllm/testing/damage.ts';
import type { ModelRecord } from '../../src/models/model-record.ts';
import { shippedRecords } from './catalogues.ts';
import type { SiteServer } from './site-server.ts';

const PUBLIC = fileURLToPath(new URL('../../public/', import.meta.url));

export function toyFor(engine: ModelRecord['engine']): ModelRecord {
  const toy = shippedRecords().find((record) => record.id.startsWith('toy-') && record.engine === engine);
  if (toy === undefined) throw new Error(`The catalogue has no toy for ${engine}.`);
  return toy;
}

/** The toy with some files damaged before they were hashed: as sound as a download can tell. The site serves them. */
export function damagedToy(
  site: SiteServer,
  engine: ModelRecord['engine'],
  edits: Readonly<Record<string, Edit>>,
): ModelRecord {
  const toy = toyFor(engine);
  if (toy.source.kind !== 'files') throw new Error('The toy lists its files.');
  const files = toy.source.files.map((file) => {
    const edit = edits[file.path];
    if (edit === undefined) return file;
    const bytes = edit(new Uint8Array(readFileSync(`${PUBLIC}${file.url}`)));
    const url = `damaged/${file.path}`;
    site.route(`/${url}`, (_, response) => {
      response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': bytes.byteLength });
      response.end(bytes);
    });
    return { ...file, url, sha256: createHash('sha256').update(bytes).digest('hex') };
  });
  return { ...toy, source: { ...toy.source, revision: `damaged-${toy.source.revision}`, files } };
}
