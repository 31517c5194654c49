import { msg, str } from '@lit/localize';
import { profileOf } from '../../models/engines/engine-profiles.ts';
import { downloadSize } from '../../models/fit/download-size.ts';
import { kvBytesPerToken, memoryNeed } from '../../models/fit/memory.ts';
import type { ChatAbility, ModelRecord } from '../../models/model-record.ts';
import { formatBytes, formatParameters } from '../lib/format.ts';
import { locale } from '../lib/locale.ts';
import { contextSize } from './context/context-size.ts';
import { ENGINE_LABELS } from './engine-labels.ts';
import { sizeLabel } from './model-labels.ts';

const ABILITY_LABELS: Readonly<Record<ChatAbility, () => string>> = {
  chat: () => msg('Chat'),
  thinking: () => msg('Thinking'),
  tools: () => msg('Tools'),
  vision: () => msg('Images'),
  embeddings: () => msg('Embeddings'),
  code: () => msg('Code'),
  maths: () => msg('Maths'),
};

export function abilityLabel(ability: ChatAbility): string {
  return ABILITY_LABELS[ability]();
}

/** `Portuguese` for `pt`, in the interface's language; the tag where the browser has no name for it. */
export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames(locale(), { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

export function engineLabel({ engine }: ModelRecord): string {
  return ENGINE_LABELS[engine].name();
}

export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** @param abilities those that the user can make use of */
export function modelFacts(record: ModelRecord, abilities: readonly ChatAbility[]): readonly Fact[] {
  const { parameterCount, activeParameterCount, trainedContextWindow, languages, releasedOn } = record;
  return [
    { name: msg('Maker'), value: record.maker },
    ...(record.family === '' ? [] : [{ name: msg('Family'), value: record.family }]),
    // Of a server's model nobody says how many it has.
    ...(parameterCount === 0
      ? []
      : [
          {
            name: msg('Parameters'),
            value:
              activeParameterCount === undefined
                ? formatParameters(parameterCount)
                : msg(
                    str`${formatParameters(parameterCount)}, ${formatParameters(activeParameterCount)} active per token`,
                  ),
          },
        ]),
    ...(trainedContextWindow === undefined
      ? []
      : [{ name: msg('Trained context'), value: contextSize(trainedContextWindow) }]),
    ...(abilities.length === 0 ? [] : [{ name: msg('Abilities'), value: abilities.map(abilityLabel).join(', ') }]),
    ...(languages === undefined ? [] : [{ name: msg('Languages'), value: languages.map(languageName).join(', ') }]),
    ...(releasedOn === undefined ? [] : [{ name: msg('Published'), value: dateLabel(releasedOn) }]),
  ];
}

export function variantFacts(record: ModelRecord): readonly Fact[] {
  if (profileOf(record).local === undefined) return [];
  const { weightsBytes } = memoryNeed(record);
  const check = verificationLabel(record);
  const perToken = kvBytesPerToken(record);
  return [
    { name: msg('Download'), value: sizeLabel(record) ?? msg('according to the host') },
    { name: msg('Context'), value: contextSize(record.contextWindow) },
    {
      name: msg('Memory'),
      value:
        perToken === undefined || downloadSize(record) === undefined
          ? formatBytes(record.vramBytes)
          : msg(
              str`${formatBytes(record.vramBytes)}: weights ${formatBytes(weightsBytes)}, plus ${formatBytes(perToken * 1_000)} per 1,000 tokens`,
            ),
    },
    ...(record.requiredFeatures.length === 0
      ? []
      : [{ name: msg('Needs'), value: record.requiredFeatures.join(', ') }]),
    ...(record.requiredBindingBytes === undefined
      ? []
      : [{ name: msg('Largest buffer'), value: formatBytes(record.requiredBindingBytes) }]),
    ...(check === undefined ? [] : [{ name: msg('Verified with'), value: check }]),
  ];
}

/** What a download is verified against; undefined where nothing is downloaded. */
export function verificationLabel({ source }: ModelRecord): string | undefined {
  switch (source.kind) {
    case 'files':
      return msg('the hashes in its description');
    case 'url':
      return source.files.every(({ sha256 }) => sha256 !== undefined)
        ? msg('the hashes in its description')
        : msg('the hash of its first download, as its address gives none');
    case 'huggingface':
      return source.library === undefined || source.library.sha256 !== undefined
        ? msg('the hashes that its repository lists')
        : msg('the hashes that its repository lists; the compiled library by that of its first download');
    case 'disk':
    case 'server':
    case 'custom-server':
    case 'browser':
      return undefined;
  }
}

function dateLabel(date: string): string {
  const [year = 0, month = 1, day] = date.split('-').map(Number);
  const options: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'long' };
  if (day !== undefined) options.day = 'numeric';
  return new Intl.DateTimeFormat(locale(), options).format(new Date(year, month - 1, day ?? 1));
}
