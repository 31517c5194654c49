/** Bytes in the place of a file's own. */
export type Edit = (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;

/** Every fourth weight of the middle half changes its sign: shapes and sizes stay, and nothing that is checked is wrong. */
export const flipSigns: Edit = (bytes) => {
  const weights = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = quarter(bytes); at < 3 * quarter(bytes); at += 16)
    weights.setUint8(at + 3, weights.getUint8(at + 3) ^ 0x80);
  return bytes;
};

/** What a bad upload or a broken conversion leaves: numbers that are none. */
export const toNaN: Edit = (bytes) => {
  const weights = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = quarter(bytes); at < 3 * quarter(bytes); at += 4) weights.setFloat32(at, Number.NaN, true);
  return bytes;
};

/** A compiled library with a fault of arithmetic in one shader: x · sigmoid(−x) in the place of x · sigmoid(x). */
export const wrongActivation: Edit = (bytes) => {
  const [from, to] = ['exp((0.000000e+00f - ', 'exp((0.000000e+00f + '].map((text) => new TextEncoder().encode(text));
  if (from === undefined || to === undefined) throw new Error('unreachable');
  let count = 0;
  for (let at = bytes.indexOf(from[0] ?? 0); at !== -1; at = bytes.indexOf(from[0] ?? 0, at + 1)) {
    if (!from.every((byte, offset) => bytes[at + offset] === byte)) continue;
    bytes.set(to, at);
    count++;
  }
  if (count === 0) throw new Error('the library has no such shader any more');
  return bytes;
};

/** A quarter of a file in whole weights. */
function quarter(bytes: Uint8Array): number {
  return Math.floor(bytes.byteLength / 4 / 4) * 4;
}
