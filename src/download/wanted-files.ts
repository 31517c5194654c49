import type { HuggingFaceSource } from '../models/model-record.ts';
import { toHex } from '../platform/hex.ts';
import type { RepositoryEntry } from './huggingface.ts';

/** Files that web-llm reads from a repository in MLC's format, which also has a README and others. */
const MLC_FILES =
  /^(mlc-chat-config\.json|mlc-model-manifest\.json|tensor-cache\.json|ndarray-cache\.json|params_shard_\d+\.bin|tokenizer\.model|tokenizer(_config)?\.json|vocab\.json|merges\.txt|added_tokens\.json)$/;

/** A part of a split GGUF, as llama.cpp names them. */
const PART = /-\d{5}-of-(\d{5})(?=\.gguf$)/i;

/** The files of a repository that the engine reads; undefined when it does not hold the model, or more than one. */
export function wantedEntries(
  source: HuggingFaceSource,
  entries: readonly RepositoryEntry[],
): readonly RepositoryEntry[] | undefined {
  if (source.files === undefined) return mlcEntries(entries);
  const model = ggufEntries(source.files, entries);
  if (source.projector === undefined) return model;
  const [projector, ...others] = matching(source.projector, entries);
  return model === undefined || projector === undefined || others.length > 0 ? undefined : [...model, projector];
}

function mlcEntries(entries: readonly RepositoryEntry[]): readonly RepositoryEntry[] | undefined {
  const wanted = entries.filter((entry) => MLC_FILES.test(entry.path));
  if (!wanted.some((entry) => entry.path.startsWith('params_shard_'))) return undefined;
  // Some repositories have the file under its older and its newer name; the engine reads one of them.
  const hasTensorCache = wanted.some((entry) => entry.path === 'tensor-cache.json');
  return wanted.filter((entry) => !(hasTensorCache && entry.path === 'ndarray-cache.json'));
}

/** One GGUF, or all parts of one. Projectors (`mmproj`) are files of their own and left out. */
function ggufEntries(pattern: string, entries: readonly RepositoryEntry[]): readonly RepositoryEntry[] | undefined {
  const found = matching(pattern, entries)
    .filter(({ path }) => !/(^|\/)mmproj/i.test(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const [first] = found;
  if (first === undefined) return undefined;
  const count = Number(PART.exec(first.path)?.[1] ?? 1);
  const isOne = new Set(found.map(({ path }) => path.replace(PART, ''))).size === 1;
  return isOne && found.length === count ? found : undefined;
}

function matching(pattern: string, entries: readonly RepositoryEntry[]): RepositoryEntry[] {
  const parts = pattern.split('*').map((part) => part.replace(/[.\\+?^${}()|[\]/-]/g, '\\$&'));
  const matches = new RegExp(`^${parts.join('.*')}$`, 'i');
  return entries.filter(({ path }) => matches.test(path) && path.endsWith('.gguf'));
}

/** The hash that HuggingFaceSource.listingSha256 describes. */
export async function listingSha256(entries: readonly RepositoryEntry[]): Promise<string> {
  const lines = entries.map(
    ({ path, sizeBytes, sha256, gitBlobId }) => `${path} ${sizeBytes} ${sha256 ?? gitBlobId}\n`,
  );
  const bytes = new TextEncoder().encode(lines.sort().join(''));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return toHex(digest);
}
