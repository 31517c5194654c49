import type { PlanOptions } from '../../../download/http.ts';
import {
  hostUrl,
  listRepository,
  type RepositoryEntry,
  type RepositoryInfo,
  readRepositoryInfo,
  resolveUrl,
} from '../../../download/huggingface.ts';
import { urlSource } from '../../../download/url-source.ts';
import type { DeviceReport } from '../../../models/device.ts';
import { fitModel } from '../../../models/fit/fit.ts';
import type { Fit } from '../../../models/fit/fit-result.ts';
import { type GgufGroup, groupGgufs } from '../../../models/gguf/file-names.ts';
import { type GgufHeader, plainLine, readGgufHeader } from '../../../models/gguf/gguf-header.ts';
import { checkProjector } from '../../../models/gguf/projector.ts';
import type { ModelLicence, ModelRecord } from '../../../models/model-record.ts';
import { AlcoveError } from '../../../platform/errors.ts';
import { type GgufFacts, ggufRecord, type ModelDraft } from './draft.ts';

/** One GGUF of a repository, whole or in parts. */
export interface RepositoryChoice {
  readonly record: ModelRecord;
  readonly sizeBytes: number;
  readonly fileCount: number;
  readonly paths: readonly string[];
  /** The file with which it sees, if the repository has one for it; its size is in `sizeBytes`. */
  readonly projector: RepositoryEntry | undefined;
  readonly fit: Fit;
  readonly facts: GgufFacts;
}

export interface RepositoryListing {
  /** `owner/name` */
  readonly repo: string;
  readonly commit: string;
  readonly pageUrl: string;
  readonly isGated: boolean;
  /** Smallest first. */
  readonly choices: readonly RepositoryChoice[];
  /** The recommended choice; undefined if none fits. */
  readonly recommended: RepositoryChoice | undefined;
  readonly incompleteCount: number;
}

/** Quantizations by quality for their size, best first, from llama.cpp's comparison (tools/quantize/README.md). */
const PREFERRED = ['Q4_K_M', 'UD-Q4_K_XL', 'Q4_K_S', 'IQ4_XS', 'IQ4_NL', 'Q4_0', 'Q4_1', 'Q5_K_M', 'Q3_K_M', 'Q5_K_S'];

/** A model up to this size loses more quality with few bits, and fits with more. */
const SMALL_PARAMETERS = 1_000_000_000;
const PREFERRED_SMALL = ['Q8_0', 'Q6_K', ...PREFERRED];

/** Lists a repository's models. @throws AlcoveError `repo-missing`, `repo-without-gguf`, and as planDownload */
export async function listRepositoryModels(
  repo: string,
  device: DeviceReport | undefined,
  options: PlanOptions,
): Promise<RepositoryListing> {
  const pageUrl = `${hostUrl(options)}/${repo}`;
  const info = await openRepository(repo, options);
  const entries = await listRepository(repo, info.commit, options);
  const groups = groupGgufs(entries, ({ path }) => path);
  const projectors = groups.filter(({ role }) => role === 'projector');
  const models = groups.filter(({ role }) => role === 'model');
  const whole = models.filter(({ missingCount }) => missingCount === 0);
  if (models.length === 0) {
    const isMlc = entries.some(({ path }) => path === 'mlc-chat-config.json');
    throw new AlcoveError('repo-without-gguf', `${repo} has no GGUF`, { data: { repo, isMlc } });
  }
  const licence = licenceOf(info.licence, info.licenceUrl, pageUrl);
  const choices = whole
    .map(({ stem, quantization, files }) =>
      choiceOf(
        {
          repo,
          commit: info.commit,
          pageUrl,
          licence,
          stem,
          quantization,
          files,
          projector: bestProjector(projectors),
        },
        device,
      ),
    )
    .sort((a, b) => a.sizeBytes - b.sizeBytes);
  return {
    repo,
    commit: info.commit,
    pageUrl,
    isGated: info.isGated,
    choices,
    recommended: recommend(choices),
    incompleteCount: models.length - whole.length,
  };
}

/** Half the size of 16 bits, and as good; BF16 and F32 are slow on a processor. */
const PREFERRED_PROJECTORS = ['Q8_0', 'F16', 'BF16', 'F32'];

function bestProjector(projectors: readonly GgufGroup<RepositoryEntry>[]): RepositoryEntry | undefined {
  const wholes = projectors.filter(({ files, missingCount }) => files.length === 1 && missingCount === 0);
  const byQuantization = PREFERRED_PROJECTORS.map((name) => wholes.find(({ quantization }) => quantization === name));
  return (byQuantization.find((found) => found !== undefined) ?? wholes[0])?.files[0];
}

/** Reads the newest commit of a repository. @throws AlcoveError `repo-missing`, and as planDownload */
export async function openRepository(repo: string, options: PlanOptions): Promise<RepositoryInfo> {
  return readRepositoryInfo(repo, 'main', options).catch((error: unknown) => {
    throw toMissing(error, repo, options);
  });
}

/** Reads the headers of a choice's files. @throws AlcoveError as readGgufHeader and planDownload; `repo-gated` */
export async function draftOfChoice(
  listing: RepositoryListing,
  choice: RepositoryChoice,
  options: PlanOptions,
): Promise<ModelDraft> {
  try {
    const read = (path: string): Promise<GgufHeader> =>
      readGgufHeader(urlSource(path, resolveUrl(listing.repo, listing.commit, path, options), options));
    const headers: GgufHeader[] = [];
    for (const path of choice.paths) headers.push(await read(path));
    const projector = choice.projector && (await read(choice.projector.path).catch(ignoreUnreadable));
    if (projector?.projector?.imageTokens !== undefined && isMadeFor(projector, headers[0])) {
      return { record: ggufRecord(choice.facts, headers, projector.projector), header: headers[0], files: undefined };
    }
    // It is of another model of the repository, for sound, or damaged: the model answers without it.
    return { record: ggufRecord(withoutProjector(choice), headers), header: headers[0], files: undefined };
  } catch (error) {
    if (!AlcoveError.isInstance(error) || error.code !== 'access-denied') throw error;
    const data = { repo: listing.repo, url: listing.pageUrl };
    throw new AlcoveError('repo-gated', `${listing.repo} wants a login`, { data, cause: error });
  }
}

function ignoreUnreadable(error: unknown): undefined {
  if (!AlcoveError.isInstance(error) || !/gguf/.test(error.code)) throw error;
}

function isMadeFor(projector: GgufHeader, model: GgufHeader | undefined): boolean {
  try {
    if (model !== undefined) checkProjector(projector.projector, model, '');
    return true;
  } catch {
    return false;
  }
}

function withoutProjector({ facts, projector, sizeBytes }: RepositoryChoice): GgufFacts {
  if (facts.source.kind !== 'huggingface' || projector === undefined) return facts;
  const { projector: _, ...source } = facts.source;
  return { ...facts, source, sizeBytes: sizeBytes - projector.sizeBytes };
}

interface FoundModel {
  readonly repo: string;
  readonly commit: string;
  readonly pageUrl: string;
  readonly licence: ModelLicence | undefined;
  readonly stem: string;
  readonly quantization: string | undefined;
  readonly files: readonly RepositoryEntry[];
  readonly projector: RepositoryEntry | undefined;
}

function choiceOf(found: FoundModel, device: DeviceReport | undefined): RepositoryChoice {
  const { repo, commit, stem, files, projector } = found;
  const paths = files.map(({ path }) => path);
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, projector?.sizeBytes ?? 0);
  const facts: GgufFacts = {
    source: {
      kind: 'huggingface',
      repo,
      revision: commit,
      files: patternOf(stem, paths),
      ...(projector !== undefined && { projector: asPattern(projector.path) }),
    },
    origin: `${repo}-${stem}`,
    fallbackName: plainLine(stem.split('/').at(-1) ?? stem),
    maker: repo.split('/')[0],
    quantization: found.quantization,
    sizeBytes,
    licence: found.licence,
    pageUrl: found.pageUrl,
  };
  const record = ggufRecord(facts, []);
  return { record, sizeBytes, fileCount: files.length, paths, projector, fit: fitModel(record, device), facts };
}

/** A pattern as in HuggingFaceSource.files. */
function patternOf(stem: string, paths: readonly string[]): string {
  const [first = ''] = paths;
  const pattern = paths.length === 1 ? first : `${stem}-*-of-${String(paths.length).padStart(5, '0')}.gguf`;
  return asPattern(pattern);
}

/** Characters that a pattern may not have become `*`. */
function asPattern(path: string): string {
  return path.replace(/[^\w./*-]+/g, '*');
}

/** The choice that a tag names: its quantization, or the end of its file's name. Undefined if none or several are meant. */
export function choiceOfTag({ choices }: RepositoryListing, tag: string): RepositoryChoice | undefined {
  const wanted = tag.toUpperCase();
  const named = choices.filter(({ record }) => record.quantization === wanted);
  const found = named.length > 0 ? named : choices.filter(({ record }) => record.quantization.startsWith(wanted));
  return found.length === 1 ? found[0] : undefined;
}

/** The best quantization for its size among those that run well or, if there are none, that run at all. */
function recommend(choices: readonly RepositoryChoice[]): RepositoryChoice | undefined {
  const [runs = []] = (['runs-well', 'runs-slowly', 'unknown'] as const)
    .map((status) => choices.filter(({ fit }) => fit.status === status))
    .filter((found) => found.length > 0);
  const isSmall = (runs[0]?.record.parameterCount ?? 0) <= SMALL_PARAMETERS;
  for (const quantization of isSmall ? PREFERRED_SMALL : PREFERRED) {
    const found = runs.find(({ record }) => record.quantization === quantization);
    if (found !== undefined) return found;
  }
  return runs.at(-1);
}

export function licenceOf(
  name: string | undefined,
  url: string | undefined,
  pageUrl: string,
): ModelLicence | undefined {
  if (name === undefined) return undefined;
  const link = url === undefined ? null : URL.parse(url, `${pageUrl}/blob/main/`);
  const isWeb = link?.protocol === 'https:' || link?.protocol === 'http:';
  return { name: plainLine(name).slice(0, 100) || '?', url: isWeb ? link.href : pageUrl };
}

function toMissing(error: unknown, repo: string, options: PlanOptions): unknown {
  if (!AlcoveError.isInstance(error) || error.code !== 'not-found') return error;
  const { host } = new URL(hostUrl(options));
  return new AlcoveError('repo-missing', `${host} has no ${repo} for us`, { data: { repo, host }, cause: error });
}
