import { msg, str } from '@lit/localize';
import { isThisComputer } from '../../models/catalogue/server-host.ts';
import type { CustomServerSource, ModelRecord, ServerKind } from '../../models/model-record.ts';

/** As their makers write them. */
const SERVER_NAMES: Readonly<Record<ServerKind, string | undefined>> = {
  'llama.cpp': 'llama.cpp',
  vllm: 'vLLM',
  ollama: 'Ollama',
  'lm-studio': 'LM Studio',
  other: undefined,
};

/** `LM Studio on this computer`, `vLLM on llm.example:8443`. */
export function serverLabel({ baseUrl, serverKind }: CustomServerSource): string {
  const { host } = new URL(baseUrl);
  const name = SERVER_NAMES[serverKind];
  if (isThisComputer(host)) {
    return name === undefined ? msg(str`Server on this computer (${host})`) : msg(str`${name} on this computer`);
  }
  return name === undefined ? msg(str`Server at ${host}`) : msg(str`${name} on ${host}`);
}

/** Groups by server, in the order of the list. @returns each with its server's label */
export function byServer<T extends { readonly record: ModelRecord }>(
  entries: readonly T[],
): readonly (readonly [string, readonly T[]])[] {
  const groups = new Map<string, { readonly label: string; readonly entries: T[] }>();
  for (const entry of entries) {
    const { source } = entry.record;
    if (source.kind !== 'custom-server') continue;
    const group = groups.get(source.serverId) ?? { label: serverLabel(source), entries: [] };
    group.entries.push(entry);
    groups.set(source.serverId, group);
  }
  return [...groups.values()].map((group) => [group.label, group.entries]);
}
