/**
 * A WebAssembly module without its custom sections: names of functions for stack traces, and the address of a source map that
 * the package does not have. Nothing else reads them: https://webassembly.github.io/spec/core/binary/modules.html
 */
export function withoutCustomSections(module: Uint8Array): Uint8Array {
  const HEADER_BYTES = 8;
  const kept = [module.subarray(0, HEADER_BYTES)];
  for (let start = HEADER_BYTES; start < module.length; ) {
    const [size, contents] = readSize(module, start + 1);
    const end = contents + size;
    const isCustom = module[start] === 0;
    if (!isCustom) kept.push(module.subarray(start, end));
    start = end;
  }
  return Buffer.concat(kept);
}

/** An unsigned LEB128 number, and the offset behind it. */
function readSize(bytes: Uint8Array, offset: number): readonly [size: number, next: number] {
  let size = 0;
  for (let at = offset; ; at += 1) {
    const byte = bytes[at];
    if (byte === undefined) throw new Error('The WebAssembly module is cut short.');
    size += (byte & 0x7f) * 2 ** (7 * (at - offset));
    if (byte < 0x80) return [size, at + 1];
  }
}
