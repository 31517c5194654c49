const deflated = new WeakMap<object, Promise<Blob>>();

/** A ZIP archive of these files, deflated: the same contents once, in all archives. */
export async function zipOf(files: Readonly<Record<string, BlobPart>>, name = 'archive.zip'): Promise<File> {
  const parts: BlobPart[] = [];
  const list: BlobPart[] = [];
  let offset = 0;
  let listBytes = 0;
  for (const [path, contents] of Object.entries(files)) {
    const file = new Blob([contents]);
    const packed = await (typeof contents === 'string' ? deflate(file) : deflateOnce(contents, file));
    const nameBytes = new TextEncoder().encode(path);
    const header = (mark: number, length: number, from: number): DataView<ArrayBuffer> => {
      const view = new DataView(new ArrayBuffer(length));
      view.setUint32(0, mark, true);
      view.setUint16(from, 0x0800, true);
      view.setUint16(from + 2, 8, true);
      view.setUint32(from + 12, packed.size, true);
      view.setUint32(from + 16, file.size, true);
      view.setUint16(from + 20, nameBytes.length, true);
      return view;
    };
    const entry = header(0x02014b50, 46, 8);
    entry.setUint32(42, offset, true);
    list.push(entry, nameBytes);
    listBytes += 46 + nameBytes.length;
    parts.push(header(0x04034b50, 30, 6), nameBytes, packed);
    offset += 30 + nameBytes.length + packed.size;
  }
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint32(12, listBytes, true);
  end.setUint32(16, offset, true);
  return new File([...parts, ...list, end], name);
}

function deflateOnce(contents: object, file: Blob): Promise<Blob> {
  const packed = deflated.get(contents) ?? deflate(file);
  deflated.set(contents, packed);
  return packed;
}

function deflate(file: Blob): Promise<Blob> {
  return new Response(file.stream().pipeThrough(new CompressionStream('deflate-raw'))).blob();
}
