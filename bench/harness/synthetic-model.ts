import { createCipheriv, createHash } from 'node:crypto';

export const MIB = 1024 * 1024;

/** A weight shard made of noise. */
export interface SyntheticShard {
  readonly path: string;
  readonly bytes: Buffer;
  /** Lower-case hex. */
  readonly sha256: string;
}

/**
 * Shards with the same bytes in each run: AES in counter mode over zeros, which nothing can compress.
 * @param shardBytes web-llm's own checkpoints have shards of about 32 MiB
 */
export function syntheticShards(count: number, shardBytes = 32 * MIB): SyntheticShard[] {
  return Array.from({ length: count }, (_, index) => {
    const iv = Buffer.alloc(16);
    iv.writeUInt32BE(index + 1, 0);
    const bytes = createCipheriv('aes-128-ctr', Buffer.alloc(16, 7), iv).update(Buffer.alloc(shardBytes));
    return { path: `noise_shard_${index}.bin`, bytes, sha256: sha256(bytes) };
  });
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** An entry of tensor-cache.json: web-llm loads it onto the GPU under a name that no layer uses. */
export function tensorCacheEntry(shard: SyntheticShard): object {
  const { path, bytes } = shard;
  const name = path.replace('.bin', '');
  const record = {
    name,
    shape: [bytes.length / 4],
    dtype: 'float32',
    format: 'raw',
    nbytes: bytes.length,
    byteOffset: 0,
  };
  return { dataPath: path, format: 'raw-shard', nbytes: bytes.length, records: [record] };
}
