import { NO_ADDRESS } from '../../../models/catalogue/parse-record.ts';
import { engineForWeights } from '../../../models/engines/engine-profiles.ts';
import { estimateMemoryBytes } from '../../../models/fit/memory.ts';
import { bitsPerWeight } from '../../../models/fit/quantization.ts';
import { type GgufHeader, plainLine } from '../../../models/gguf/gguf-header.ts';
import type { ProjectorFacts } from '../../../models/gguf/projector.ts';
import {
  type ModelLicence,
  type ModelRecord,
  type ModelSource,
  UNKNOWN_LICENCE,
  UNKNOWN_MAKER,
} from '../../../models/model-record.ts';
import { CUSTOM_ID, type PickedFile } from '../custom-models.ts';

/** A model that the user reviews before adding it. Nothing of it is stored or downloaded yet. */
export interface ModelDraft {
  readonly record: ModelRecord;
  /** The header of a GGUF, or of the first part of a split one. */
  readonly header: GgufHeader | undefined;
  /** The files of a model on the disk, in the order of its source's files. */
  readonly files: readonly PickedFile[] | undefined;
}

/** Default context window, tokens. A larger one takes more memory, used or not. */
const USUAL_CONTEXT = 4_096;

export interface GgufFacts {
  readonly source: ModelSource;
  /** Where the model comes from. The id is made of it, so that the same model is not added twice. */
  readonly origin: string;
  readonly fallbackName: string;
  readonly maker: string | undefined;
  readonly quantization: string | undefined;
  readonly sizeBytes: number | undefined;
  readonly licence: ModelLicence | undefined;
  /** The http or https page on which the user may find the licence; undefined for a file on the disk. */
  readonly pageUrl: string | undefined;
}

/**
 * @param headers of the model's files; empty while only their names are known
 * @param projector of the projector among its files, if there is one
 */
export function ggufRecord(facts: GgufFacts, headers: readonly GgufHeader[], projector?: ProjectorFacts): ModelRecord {
  const [header] = headers;
  const quantization = header?.quantization ?? facts.quantization ?? 'unknown';
  const counted = headers.reduce((sum, { parameterCount }) => sum + parameterCount, 0);
  const parameterCount = counted > 0 ? counted : estimateParameters(facts, quantization);
  const trained = header?.contextLength;
  const name = header?.name ?? facts.fallbackName;
  const { layers, kvHeads, headSize } = header ?? {};
  const isKnown = layers !== undefined && kvHeads !== undefined && headSize !== undefined;
  const record = {
    id: customId(facts.origin),
    name,
    family: plainLine(header?.architecture ?? name),
    maker: facts.maker ?? header?.maker ?? hostOf(facts.pageUrl) ?? UNKNOWN_MAKER,
    engine: engineForWeights('gguf'),
    quantization,
    parameterCount,
    contextWindow: Math.min(trained ?? USUAL_CONTEXT, USUAL_CONTEXT),
    ...(trained !== undefined && { trainedContextWindow: trained }),
    ...(isKnown && { memory: { layers, kvLayers: layers, kvHeads, headSize } }),
    ...(facts.sizeBytes !== undefined && { sizeBytes: facts.sizeBytes }),
    requiredFeatures: [],
    ...(projector?.imageTokens !== undefined && {
      imageTokens: projector.imageTokens,
      abilities: ['chat', 'vision'] as const,
    }),
    licence: licenceOf(facts, header),
    source: facts.source,
  };
  return { ...record, vramBytes: estimateMemoryBytes(record) };
}

/** An id of letters, digits and a few signs. Keeps the end of a long origin, where origins differ most. */
export function customId(origin: string): string {
  const slug = origin.replace(/[^\w.-]+/g, '-').replace(/^-+|-+$/g, '');
  return `${CUSTOM_ID}${slug.slice(-90)}`;
}

function licenceOf(facts: GgufFacts, header: GgufHeader | undefined): ModelLicence {
  if (facts.licence !== undefined) return facts.licence;
  return { name: header?.licence?.name ?? UNKNOWN_LICENCE, url: header?.licence?.url ?? facts.pageUrl ?? NO_ADDRESS };
}

/** From the name's "1.7B" or "135M", else from the size. */
function estimateParameters({ fallbackName, sizeBytes }: GgufFacts, quantization: string): number {
  const [, amount, unit] = /(?:^|[-_ ])(\d+(?:\.\d+)?)([BM])(?=$|[-_. ])/i.exec(fallbackName) ?? [];
  if (amount !== undefined) return Math.round(Number(amount) * (unit?.toUpperCase() === 'B' ? 1e9 : 1e6));
  const bits = bitsPerWeight(quantization.replace('UD-', '')) ?? 5;
  return Math.max(1, Math.round(((sizeBytes ?? 0) * 8) / bits));
}

function hostOf(url: string | undefined): string | undefined {
  return url === undefined ? undefined : new URL(url).host;
}
