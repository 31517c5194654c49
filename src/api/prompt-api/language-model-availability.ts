import type { ModelSession } from '../../session/model-session.ts';
import {
  type LanguageModelAvailability,
  type LanguageModelCreateCoreOptions,
  type LanguageModelExpected,
  MESSAGE_TYPES,
  SAMPLING_MODES,
} from './language-model-types.ts';

/** Whether a model can be used with these options: now, after a download, or not at all. */
export async function availabilityOf(
  session: ModelSession,
  modelId: string,
  options: LanguageModelCreateCoreOptions,
): Promise<LanguageModelAvailability> {
  const canonical = readOptions(options);
  const { expectedInputs = [], expectedOutputs = [], tools = [] } = options;
  await session.start();
  const { record, fit, weights } = session.find(modelId);
  if (fit.status === 'cannot-run') return 'unavailable';
  const capabilities = await session.capabilities(modelId);
  const areInputs = expectedInputs.every(({ type }) => type === 'text' || (type === 'image' && capabilities.images));
  const areOutputs = expectedOutputs.every(({ type }: LanguageModelExpected) => type === 'text');
  if (!areInputs || !areOutputs || (tools.length > 0 && !capabilities.tools)) return 'unavailable';
  const known = record.languages?.map(baseOf);
  if (known !== undefined && !canonical.every((tag) => known.includes(baseOf(tag)))) return 'unavailable';
  if (weights.status === 'stored') return 'available';
  return weights.status === 'downloading' ? 'downloading' : 'downloadable';
}

/**
 * Validates the options that `availability` and `create` share.
 * @returns the languages, canonicalized
 * @throws TypeError; RangeError for a language that is none
 */
export function readOptions({
  samplingMode,
  expectedInputs = [],
  expectedOutputs = [],
}: LanguageModelCreateCoreOptions): readonly string[] {
  if (samplingMode !== undefined && !SAMPLING_MODES.includes(samplingMode)) {
    throw new TypeError(`${String(samplingMode)} is no sampling mode`);
  }
  const expected = [...expectedInputs, ...expectedOutputs];
  const unknown = expected.find(({ type }) => !MESSAGE_TYPES.includes(type));
  if (unknown !== undefined) throw new TypeError(`${String(unknown.type)} is no type of content`);
  return Intl.getCanonicalLocales(expected.flatMap(({ languages = [] }) => [...languages]));
}

function baseOf(tag: string): string {
  return new Intl.Locale(tag).language;
}
