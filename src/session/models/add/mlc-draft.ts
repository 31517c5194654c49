import type { PlanOptions } from '../../../download/http.ts';
import { hostUrl, listRepository } from '../../../download/huggingface.ts';
import { wantedEntries } from '../../../download/wanted-files.ts';
import { engineForWeights } from '../../../models/engines/engine-profiles.ts';
import { estimateMemoryBytes } from '../../../models/fit/memory.ts';
import { plainLine } from '../../../models/gguf/gguf-header.ts';
import { type HuggingFaceSource, UNKNOWN_LICENCE } from '../../../models/model-record.ts';
import { AlcoveError } from '../../../platform/errors.ts';
import { customId, type ModelDraft } from './draft.ts';
import { licenceOf, openRepository } from './repository.ts';

/** The context window for which most of web-llm's libraries are compiled, tokens. */
const USUAL_CONTEXT = 4_096;

/** Reads an MLC repository. @throws AlcoveError `repo-missing`, `repo-without-mlc`, and as planDownload */
export async function draftOfMlc(repo: string, libraryUrl: URL, options: PlanOptions): Promise<ModelDraft> {
  const info = await openRepository(repo, options);
  const source: HuggingFaceSource = {
    kind: 'huggingface',
    repo,
    revision: info.commit,
    library: { url: libraryUrl.href },
  };
  const wanted = wantedEntries(source, await listRepository(repo, info.commit, options));
  if (wanted === undefined) {
    throw new AlcoveError('repo-without-mlc', `${repo} has nothing in MLC's format`, { data: { repo } });
  }
  const name = plainLine(repo.split('/')[1] ?? repo);
  const quantization = /q\d+f\d+(_\d+)?/i.exec(repo)?.[0] ?? 'unknown';
  const [, amount, unit] = /(\d+(?:\.\d+)?)([BM])(?=[-_.]|$)/i.exec(repo) ?? [];
  const sizeBytes = wanted.reduce((sum, entry) => sum + entry.sizeBytes, 0);
  const pageUrl = `${hostUrl(options)}/${repo}`;
  const record = {
    id: customId(repo),
    name,
    family: name,
    maker: repo.split('/')[0] ?? repo,
    engine: engineForWeights('mlc'),
    quantization,
    parameterCount: Math.max(1, Math.round(Number(amount ?? 0) * (unit?.toUpperCase() === 'M' ? 1e6 : 1e9))),
    contextWindow: USUAL_CONTEXT,
    sizeBytes,
    requiredFeatures: quantization.includes('f16') ? ['shader-f16'] : [],
    licence: licenceOf(info.licence, info.licenceUrl, pageUrl) ?? { name: UNKNOWN_LICENCE, url: pageUrl },
    source,
  };
  return { record: { ...record, vramBytes: estimateMemoryBytes(record) }, header: undefined, files: undefined };
}
