import type { ModelSession } from '../../session/model-session.ts';
import type {
  LanguageModelAvailability,
  LanguageModelCreateCoreOptions,
  LanguageModelExpected,
} from './language-model-types.ts';

/** Whether a model can be used with these options: now, after a download, or not at all. */
export async function availabilityOf(
  session: ModelSession,
  modelId: string,
  { expectedInputs = [], expectedOutputs = [], tools = [] }: LanguageModelCreateCoreOptions,
): Promise<LanguageModelAvailability> {
  const languages = [...expectedInputs, ...expectedOutputs].flatMap((expected) => expected.languages ?? []);
  // It throws the RangeError that the specification asks for.
  const canonical = Intl.getCanonicalLocales([...languages]);
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

function baseOf(tag: string): string {
  return new Intl.Locale(tag).language;
}
