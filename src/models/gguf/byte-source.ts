/** A file that is read in parts, on the disk or at a URL. */
export interface ByteSource {
  readonly name: string;
  /** Undefined until it is known. */
  readonly sizeBytes: number | undefined;
  /** Reads a range; fewer bytes only at the file's end. */
  read(startByte: number, endByte: number): Promise<Uint8Array>;
}

export function blobSource(name: string, blob: Blob): ByteSource {
  return {
    name,
    sizeBytes: blob.size,
    read: async (startByte, endByte) => new Uint8Array(await blob.slice(startByte, endByte).arrayBuffer()),
  };
}
