/**
 * Reads values out of a file that anyone may have made. Nothing here trusts a prototype, a type or a range: a field is
 * the object's own or it is absent, a text is well-formed Unicode, a time lies between 1970 and 2100.
 */

/** 2100-01-01: a time after it is nonsense, and so is one before the epoch. */
const LATEST_MS = 4_102_444_800_000;

/** Up to here a number counts seconds: as milliseconds it would be March 1973, before any chat. */
const LARGEST_SECONDS = 100_000_000_000;

export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is an object and no array. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function fieldsOf(value: unknown): Fields | undefined {
  return isFields(value) ? value : undefined;
}

/** The object's own member; never an inherited one. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Fields)[name]
    : undefined;
}

/** A text with lone surrogates replaced by U+FFFD, as every encoder would do it later and silently. */
export function textField(value: unknown, name: string): string | undefined {
  const text = field(value, name);
  return typeof text === 'string' ? text.toWellFormed() : undefined;
}

export function arrayField(value: unknown, name: string): readonly unknown[] | undefined {
  const array = field(value, name);
  return Array.isArray(array) ? array : undefined;
}

/** A finite number within a range; undefined for anything else. */
export function numberField(
  value: unknown,
  name: string,
  least = Number.NEGATIVE_INFINITY,
  most = Number.POSITIVE_INFINITY,
): number | undefined {
  const number = field(value, name);
  return typeof number === 'number' && Number.isFinite(number) && number >= least && number <= most
    ? number
    : undefined;
}

/** ms since the epoch, from a number of seconds or of milliseconds, or from a text in the form of ISO 8601. */
export function timeField(value: unknown, name: string): number | undefined {
  const number = numberField(value, name, 0) ?? isoTime(textField(value, name));
  if (number === undefined || number === 0) return undefined;
  const at = Math.round(number < LARGEST_SECONDS ? number * 1_000 : number);
  return at <= LATEST_MS ? at : undefined;
}

/** Other forms of a date mean one day here and another one there. */
function isoTime(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\dT/.test(text)) return undefined;
  const at = Date.parse(text);
  return at >= 0 ? at : undefined;
}

/** An id as programs make them. Others are replaced, since ids become keys and parts of addresses. */
export function isPlainId(id: string): boolean {
  return /^[A-Za-z0-9_~.:-]{1,200}$/.test(id) && id !== '__proto__';
}

/** Tags as chats have them: short, each once, no more than a user sets. */
export function readTags(values: readonly unknown[] | undefined): string[] {
  const tags = (values ?? []).flatMap((tag) => (typeof tag === 'string' ? tag.toWellFormed().trim().slice(0, 50) : []));
  return [...new Set(tags.filter((tag) => tag !== ''))].slice(0, 50);
}
