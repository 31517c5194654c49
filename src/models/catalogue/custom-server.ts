import type { ModelRecord, ServerKind } from '../model-record.ts';
import { SERVER_MARK } from './server-host.ts';

/** A model as a server lists it. */
export interface ServedModel {
  /** The server's own name for it. */
  readonly name: string;
  /** Tokens; undefined where the server does not say. */
  readonly contextWindow: number | undefined;
  /** Whether it computes embeddings rather than chatting; undefined where the server does not say. */
  readonly isEmbedding?: boolean | undefined;
}

/** A server that the user has set up. Its key is stored apart: see src/storage/server-store.ts. */
export interface CustomServer {
  readonly id: string;
  /** Ends in `/v1`. */
  readonly baseUrl: string;
  readonly kind: ServerKind;
  readonly hasKey: boolean;
  readonly models: readonly ServedModel[];
  /** ms since the epoch; undefined until it has answered once. */
  readonly listedAt: number | undefined;
}

/** What is assumed of a server that does not say how much a model reads. */
const UNKNOWN_CONTEXT_WINDOW = 4096;

/** @returns undefined for what is no http or https address */
export function toBaseUrl(address: string): string | undefined {
  const text = address.trim();
  const url = URL.parse(text.includes('://') ? text : `http://${text}`);
  if (url === null || !/^https?:$/.test(url.protocol) || url.host === '') return undefined;
  const path = url.pathname.replace(/\/+$/, '');
  return `${url.origin}${path.endsWith('/v1') ? path : `${path}/v1`}`;
}

/** Names of models that compute embeddings, for servers that list them among the others without saying what they do. */
const EMBEDS = /embed|(^|[/_-])(bge|e5|gte|minilm)[_-]/i;

/** The records of a server's models. */
export function serverRecords({ id, baseUrl, kind, models }: CustomServer): ModelRecord[] {
  const { host } = new URL(baseUrl);
  return models.map(({ name, contextWindow, isEmbedding = EMBEDS.test(name) }) => ({
    id: `${SERVER_MARK}${host}/${name}`,
    name: shortName(name),
    family: '',
    maker: host,
    engine: 'server',
    quantization: '',
    parameterCount: 0,
    contextWindow: contextWindow ?? UNKNOWN_CONTEXT_WINDOW,
    sizeBytes: 0,
    vramBytes: 0,
    requiredFeatures: [],
    ...(isEmbedding && { abilities: ['embeddings'] }),
    licence: { name: '', url: '' },
    source: { kind: 'custom-server', revision: '', serverId: id, baseUrl, serverKind: kind, model: name },
  }));
}

/** Of a path to a file, as llama.cpp's server names its model, the file without its ending. */
function shortName(name: string): string {
  return /([^/\\]+)\.gguf$/i.exec(name)?.[1] ?? name;
}
