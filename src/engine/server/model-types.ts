import type { ServedModel } from '../../models/catalogue/custom-server.ts';
import { isAbortError } from '../../platform/errors.ts';
import { asArray, asObject, asText } from './chat-chunk.ts';
import { type AskOptions, getJson, type ServerListing } from './list-models.ts';

/** What one program says of its models beyond the common protocol. @returns for each name, whether it computes embeddings */
type ReadTypes = (root: string, names: readonly string[], options: AskOptions) => Promise<ReadonlyMap<string, boolean>>;

/** LM Studio lists a `type` for each model: `llm`, `vlm` or `embeddings` (lmstudio.ai/docs, REST API v0). */
const readLmStudio: ReadTypes = async (root, _names, options) => {
  const listed = asArray(asObject(await getJson(`${root}/api/v0/models`, options))?.['data']);
  return new Map(
    listed.flatMap((item) => {
      const { id, type } = asObject(item) ?? {};
      return asText(type) === '' ? [] : [[asText(id), type === 'embeddings'] as const];
    }),
  );
};

/** Ollama tells a model's `capabilities` one by one: `completion` or `embedding` among others (docs.ollama.com/api). */
const readOllama: ReadTypes = async (root, names, options) => {
  const types = names.map(async (model) => {
    const capabilities = asArray(asObject(await getJson(`${root}/api/show`, options, { model }))?.['capabilities']);
    return capabilities.length === 0 ? [] : [[model, !capabilities.includes('completion')] as const];
  });
  return new Map((await Promise.all(types)).flat());
};

const READERS: Readonly<Partial<Record<ServerListing['kind'], ReadTypes>>> = {
  'lm-studio': readLmStudio,
  ollama: readOllama,
};

/**
 * Asks a server which of its models compute embeddings, where its program says so. The listing stays as it is if the server
 * does not answer that: the names of the models then tell.
 */
export async function readModelTypes(
  baseUrl: string,
  listing: ServerListing,
  options: AskOptions,
): Promise<ServerListing> {
  const read = READERS[listing.kind];
  if (read === undefined) return listing;
  const names = listing.models.map(({ name }) => name);
  try {
    const types = await read(baseUrl.replace(/\/v1$/, ''), names, options);
    return {
      ...listing,
      models: listing.models.map((model): ServedModel => ({ ...model, isEmbedding: types.get(model.name) })),
    };
  } catch (error) {
    if (isAbortError(error)) throw error;
    return listing;
  }
}
