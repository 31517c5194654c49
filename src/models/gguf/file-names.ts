/** What a GGUF's name tells, by the customs of those who publish them. */
export interface GgufName {
  /** Without the part's number and the ending: the same for all parts of one model. */
  readonly stem: string;
  /** Which part it is, from 1; undefined for a whole file. */
  readonly part: { readonly index: number; readonly count: number } | undefined;
  /** As it is written: `Q4_K_M`. */
  readonly quantization: string | undefined;
  /** For pictures and sound, beside a model and no model itself. */
  readonly isProjector: boolean;
}

const PART = /-(\d{5})-of-(\d{5})$/;
const QUANTIZATION = /(?:^|[-._/])((?:UD-)?(?:IQ|TQ|Q)\d[A-Z0-9_]*|BF16|FP?16|FP?32|MXFP4(?:_MOE)?)(?=$|[-._/])/gi;

/** @returns undefined for what is no GGUF */
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
    isProjector: /(^|[-._/])mmproj/i.test(stem),
  };
}

/** The names of all parts of the model that a file is a part of, in order; of a whole file, its own. */
export function partNames(path: string): readonly string[] {
  const { part, stem } = readGgufName(path) ?? {};
  if (part === undefined) return [path];
  const count = String(part.count).padStart(5, '0');
  return Array.from(
    { length: part.count },
    (_, index) => `${stem}-${String(index + 1).padStart(5, '0')}-of-${count}.gguf`,
  );
}

/** One model among files: a whole GGUF, or all parts of one. */
export interface GgufGroup<File> {
  readonly stem: string;
  readonly quantization: string | undefined;
  readonly isProjector: boolean;
  /** In the order of their parts. */
  readonly files: readonly File[];
  /** Parts that are not there. */
  readonly missingCount: number;
}

/** Groups files into models; what is no GGUF is left out. */
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
    isProjector: name.isProjector,
    files: [...parts].sort(([a], [b]) => a - b).map(([, file]) => file),
    missingCount: (name.part?.count ?? 1) - parts.size,
  }));
}
