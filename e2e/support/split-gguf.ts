/** Parts of a GGUF, as llama.cpp's own tool makes them: the metadata in the first, and some of the tensors in each. */
export function splitGguf(whole: Buffer, stem: string, count: number): readonly { name: string; buffer: Buffer }[] {
  const { version, keyCount, metadata, tensors, data } = parse(whole);
  const perPart = Math.ceil(tensors.length / count);
  return Array.from({ length: count }, (_, index) => {
    const own = tensors.slice(index * perPart, (index + 1) * perPart);
    const keys = [
      uint16Key('split.no', index),
      uint16Key('split.count', count),
      int32Key('split.tensors.count', tensors.length),
    ];
    const infos: Buffer[] = [];
    const bodies: Buffer[] = [];
    let offset = 0;
    for (const tensor of own) {
      infos.push(tensor.head, uint64(offset));
      const body = data.subarray(tensor.offset, tensor.end);
      const padded = Buffer.concat([body, Buffer.alloc((32 - (body.length % 32)) % 32)]);
      bodies.push(padded);
      offset += padded.length;
    }
    const isFirst = index === 0;
    const head = Buffer.concat([
      Buffer.from('GGUF'),
      uint32(version),
      uint64(own.length),
      uint64(keys.length + (isFirst ? keyCount : 0)),
      ...(isFirst ? [metadata] : []),
      ...keys,
      ...infos,
    ]);
    const padding = Buffer.alloc((32 - (head.length % 32)) % 32);
    const number = (value: number): string => String(value).padStart(5, '0');
    return {
      name: `${stem}-${number(index + 1)}-of-${number(count)}.gguf`,
      buffer: Buffer.concat([head, padding, ...bodies]),
    };
  });
}

interface Tensor {
  /** Name, dimensions and type, as they stand there. */
  readonly head: Buffer;
  readonly offset: number;
  readonly end: number;
}

function parse(whole: Buffer): {
  version: number;
  keyCount: number;
  metadata: Buffer;
  tensors: readonly Tensor[];
  data: Buffer;
} {
  let at = 24;
  const long = (): number => {
    at += 8;
    return Number(whole.readBigUInt64LE(at - 8));
  };
  const short = (): number => {
    at += 4;
    return whole.readUInt32LE(at - 4);
  };
  const sizes = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];
  const skipText = (): void => {
    // Not in one: `at` is read before the length is.
    const length = long();
    at += length;
  };
  const skipValue = (type: number): void => {
    if (type === 8) skipText();
    else if (type === 9) {
      const itemType = short();
      for (let left = long(); left > 0; left--) skipValue(itemType);
    } else at += sizes[type] ?? 0;
  };
  const tensorCount = Number(whole.readBigUInt64LE(8));
  const keyCount = Number(whole.readBigUInt64LE(16));
  for (let index = 0; index < keyCount; index++) {
    skipText();
    skipValue(short());
  }
  const metadata = whole.subarray(24, at);
  const heads = Array.from({ length: tensorCount }, () => {
    const start = at;
    skipText();
    const dimensionCount = short();
    at += 8 * dimensionCount + 4;
    return { head: whole.subarray(start, at), offset: long() };
  });
  const data = whole.subarray(Math.ceil(at / 32) * 32);
  const starts = heads.map(({ offset }) => offset).sort((a, b) => a - b);
  const tensors = heads.map(({ head, offset }) => ({
    head,
    offset,
    end: starts[starts.indexOf(offset) + 1] ?? data.length,
  }));
  return { version: whole.readUInt32LE(4), keyCount, metadata, tensors, data };
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

function uint64(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
}

function key(name: string, type: number, value: Buffer): Buffer {
  return Buffer.concat([uint64(name.length), Buffer.from(name), uint32(type), value]);
}

function uint16Key(name: string, value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16LE(value);
  return key(name, 2, buffer);
}

function int32Key(name: string, value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32LE(value);
  return key(name, 5, buffer);
}
