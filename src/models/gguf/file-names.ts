/** What a GGUF's file name says, by llama.cpp's naming convention. */
export interface GgufName {
  /** Without part number and extension: the same for all parts of one model. */
  readonly stem: string;
  /** Number of the part, from 1; undefined for a whole file. */
  readonly part: { readonly index: number; readonly count: number } | undefined;
  /** As in the name: `Q4_K_M`. */
  readonly quantization: string | undefined;
  readonly role: GgufRole;
}

/**
 * What a file is for: `model`; `projector`, for images and audio beside a model; `imatrix`, what a quantizer has measured;
 * `draft`, a small model that only guesses the next words of another. Only the header tells for sure, and a list has none.
 */
export type GgufRole = 'model' | 'projector' | 'imatrix' | 'draft';

const PART = /-(\d{5})-of-(\d{5})$/;
const QUANTIZATION = /(?:^|[-._/])((?:UD-)?(?:IQ|TQ|Q)\d[A-Z0-9_]*|BF16|FP?16|FP?32|MXFP4(?:_MOE)?)(?=$|[-._/])/gi;

/** @returns undefined for another kind of file */
export function readGgufName(path: string): GgufName | undefined {
  if (!/\.gguf$/i.test(path)) return undefined;
  const name = path.slice(0, -5);
  const [, index, count] = PART.exec(name) ?? [];
  const stem = name.replace(PART, '');
  const quantization = [...stem.matchAll(QUANTIZATION)].at(-1)?.[1];
  return {
    stem,
    part: index === undefined ? undefined : { index: Number(index), count: Number(count) },
    quantization: quantization?.toUpperCase().replace(/^FP(?=\d)/, 'F'),
    role: roleOf(stem, quantization !== undefined),
  };
}

function roleOf(stem: string, isQuantized: boolean): GgufRole {
  if (/(^|[-._/])mmproj/i.test(stem)) return 'projector';
  // "model-imatrix-Q4_K_M" is a model that was quantized with one.
  if (!isQuantized && /(^|[-._/])imatrix([-._][^/]*)?$/i.test(stem)) return 'imatrix';
  return /(^|[-._/])(draft|eagle\d?|dflash)(?=[-._/]|$)/i.test(stem) ? 'draft' : 'model';
}

/** Most parts of a model at an address, each of which is a request. Large models have some 30 parts. */
export const MOST_PARTS = 200;

/** The names of all parts of the model that the file belongs to, in order; for a whole file its own name. */
export function partNames(path: string): readonly string[] {
  const { part, stem } = readGgufName(path) ?? {};
  if (part === undefined) return [path];
  const count = String(part.count).padStart(5, '0');
  return Array.from(
    { length: part.count },
    (_, index) => `${stem}-${String(index + 1).padStart(5, '0')}-of-${count}.gguf`,
  );
}

/** One model among files: a whole GGUF or all its parts. */
export interface GgufGroup<File> {
  readonly stem: string;
  readonly quantization: string | undefined;
  readonly role: GgufRole;
  /** In the order of the parts. */
  readonly files: readonly File[];
  /** Names of the missing parts. */
  readonly missingCount: number;
}

/** Groups files into models; leaves out files that are no GGUF. */
export function groupGgufs<File>(files: readonly File[], pathOf: (file: File) => string): GgufGroup<File>[] {
  const groups = new Map<string, { name: GgufName; parts: Map<number, File> }>();
  for (const file of files) {
    const name = readGgufName(pathOf(file));
    if (name === undefined) continue;
    const group = groups.get(name.stem) ?? { name, parts: new Map<number, File>() };
    group.parts.set(name.part?.index ?? 1, file);
    groups.set(name.stem, group);
  }
  return Array.from(groups.values(), ({ name, parts }) => ({
    stem: name.stem,
    quantization: name.quantization,
    role: name.role,
    files: [...parts].sort(([a], [b]) => a - b).map(([, file]) => file),
    missingCount: (name.part?.count ?? 1) - parts.size,
  }));
}
