/** A file that is read in parts: one on a disk, or at an address. */
export interface ByteSource {
  /** As its owner calls it. */
  readonly name: string;
  /** Undefined where nobody has said it yet. */
  readonly sizeBytes: number | undefined;
  /** Bytes of the range; fewer only at the file's end. */
  read(startByte: number, endByte: number): Promise<Uint8Array>;
}

export function blobSource(name: string, blob: Blob): ByteSource {
  return {
    name,
    sizeBytes: blob.size,
    read: async (startByte, endByte) => new Uint8Array(await blob.slice(startByte, endByte).arrayBuffer()),
  };
}
