import { profileOf } from '../engines/engine-profiles.ts';
import { canRun, type Fit } from '../fit/fit-result.ts';
import { type ModelRecord, modelKeyOf } from '../model-record.ts';

export interface Fitted {
  readonly record: ModelRecord;
  readonly fit: Fit;
}

const ORDER: readonly Fit['status'][] = [
  'runs-well',
  'runs-elsewhere',
  'runs-slowly',
  'may-not-fit',
  'too-slow',
  'unknown',
  'cannot-run',
];

/** A negative number where `a` fits this device better. */
export function compareFits(a: Fitted, b: Fitted): number {
  return ORDER.indexOf(a.fit.status) - ORDER.indexOf(b.fit.status);
}

/** A negative number where `a` is the better choice for this device; both are variants of one model. */
export function compareVariants(a: Fitted, b: Fitted): number {
  const byStatus = compareFits(a, b);
  if (byStatus !== 0) return byStatus;
  const byEngine = profileOf(a.record).preference - profileOf(b.record).preference;
  if (byEngine !== 0 && !isMuchFaster(a, b) && !isMuchFaster(b, a)) return byEngine;
  if (isMuchFaster(a, b)) return -1;
  if (isMuchFaster(b, a)) return 1;
  const byContext = contextOf(b) - contextOf(a);
  return byContext !== 0 ? byContext : memoryOf(a) - memoryOf(b);
}

/** The variant of a model that this device runs best. */
export function bestVariant<T extends Fitted>(variants: readonly T[]): T | undefined {
  return [...variants].sort(compareVariants)[0];
}

/** The best variant of each model, in the order of the list. */
export function bestVariants<T extends Fitted>(all: readonly T[]): T[] {
  const byModel = new Map<string, T>();
  for (const variant of all) {
    const key = modelKeyOf(variant.record);
    const known = byModel.get(key);
    if (known === undefined || compareVariants(variant, known) < 0) byModel.set(key, variant);
  }
  return [...byModel.values()];
}

export interface Recommendation<T extends Fitted> {
  readonly first: T | undefined;
  /** Smaller and faster, for who does not want to wait or has little room. */
  readonly second: T | undefined;
}

/** Memory up to which a model is recommended: what a laptop can spare while other programs run. */
const MOST_BYTES = 2.6e9;
/** Of what is sure to be there, what a first model may take. */
const SHARE = 0.8;

/** The models to begin with on this device: the best that it runs with ease, and one of less than two thirds its size. */
export function recommend<T extends Fitted>(all: readonly T[]): Recommendation<T> {
  const easy = bestVariants(all)
    .filter((variant) => isForAll(variant.record) && isEasy(variant))
    .sort((a, b) => merit(b.record) - merit(a.record));
  const first = easy[0] ?? fallback(all);
  if (first === undefined) return { first, second: undefined };
  const second = easy.find(
    (variant) => memoryOf(variant) < memoryOf(first) * 0.67 && speedOf(variant) > speedOf(first) * 1.25,
  );
  return { first, second };
}

/** Not a base model, nor one that computes embeddings. */
export function isChatModel({ abilities }: ModelRecord): boolean {
  return abilities?.includes('chat') !== false;
}

/** Where nothing runs well: the smallest that can be loaded and talked to. */
function fallback<T extends Fitted>(all: readonly T[]): T | undefined {
  return bestVariants(all)
    .filter(({ record, fit }) => isForAll(record) && canRun(fit) && fit.status !== 'too-slow')
    .sort((a, b) => memoryOf(a) - memoryOf(b) || a.record.parameterCount - b.record.parameterCount)[0];
}

/** A chat model for any subject that answers at once, whose licence lets everyone use it. */
function isForAll(record: ModelRecord): boolean {
  const { purpose, licence } = record;
  return purpose === undefined && isChatModel(record) && !licence.nonCommercial;
}

function isEasy({ record, fit }: Fitted): boolean {
  if (fit.status !== 'runs-well') return false;
  return memoryOf({ record, fit }) <= Math.min(MOST_BYTES, fit.estimate.budgetBytes * SHARE);
}

/** More tokens a second than this are no reason to choose a model. */
const ENOUGH_TOKENS_PER_SECOND = 24;

/**
 * What a model is worth on this device, of those that fit equally well: its quality, and its speed as far as one reads along.
 * Models for one subject come after those for any.
 */
export function worth({ record, fit }: Fitted): number {
  const speed = Math.min(ENOUGH_TOKENS_PER_SECOND, speedOf({ record, fit }));
  return (isForAll(record) ? 100 : 0) + merit(record) + Math.log2(Math.max(0.1, speed));
}

/** Twice the parameters are worth as much as a year of others' research. */
function merit({ parameterCount, activeParameterCount, releasedOn }: ModelRecord): number {
  const [year = 2024, month = 1] = (releasedOn ?? '').split('-').map(Number);
  const years = Number.isFinite(year) && year > 2000 ? year + (month - 1) / 12 - 2023 : 1;
  return Math.log2((activeParameterCount ?? parameterCount) / 1e9) + years;
}

function isMuchFaster(a: Fitted, b: Fitted): boolean {
  return speedOf(a) > speedOf(b) * 1.6;
}

function speedOf({ fit }: Fitted): number {
  return canRun(fit) ? Math.sqrt(fit.estimate.speed.low * fit.estimate.speed.high) : 0;
}

function contextOf({ record, fit }: Fitted): number {
  // More than a chat needs is no reason.
  return Math.min(4_096, canRun(fit) ? fit.estimate.contextWindow : record.contextWindow);
}

/** With no larger context window than the configured one: what is to spare, or the user's choice, makes a model no worse. */
function memoryOf({ record, fit }: Fitted): number {
  const { vramBytes } = record;
  return canRun(fit) ? Math.min(fit.estimate.memoryBytes, vramBytes || Number.POSITIVE_INFINITY) : vramBytes;
}
