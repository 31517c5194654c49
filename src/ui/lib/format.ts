import { msg, str } from '@lit/localize';
import { formatLocale } from './locale.ts';

/** Numbers for the interface: few digits, decimal units, the separators of the user's region. */

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** `1.1 GB`, `612 MB`, `18 kB`; decimal units. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1_000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), BYTE_UNITS.length - 1);
  // 999,700 bytes round to 1 MB, not to 1,000 kB.
  const roundsUp = power < BYTE_UNITS.length - 1 && Math.round(bytes / 1_000 ** power) >= 1_000;
  const unit = roundsUp ? power + 1 : power;
  const value = bytes / 1_000 ** unit;
  return numberFormat({
    style: 'unit',
    unit: BYTE_UNITS[unit] ?? 'byte',
    unitDisplay: unit === 0 ? 'long' : 'short',
    maximumFractionDigits: unit >= 3 || (unit === 2 && value < 10) ? 1 : 0,
  }).format(value);
}

export function formatBytesPerSecond(bytesPerSecond: number): string {
  return msg(str`${formatBytes(bytesPerSecond)}/s`);
}

/** `23 tokens/s`; a decimal below ten. */
export function formatTokensPerSecond(tokensPerSecond: number): string {
  return msg(str`${formatNumber(tokensPerSecond, tokensPerSecond < 10 ? 1 : 0)} tokens/s`);
}

/** `40 s left`, `2 min left`, `1 h 20 min left`. */
export function formatSecondsLeft(seconds: number): string {
  return msg(str`${formatSeconds(Math.max(1, seconds))} left`);
}

/** `0.4 s`, `40 s`, `2 min`, `1 h 20 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95) return msg(str`${formatNumber(seconds, seconds < 1 || seconds % 1 !== 0 ? 1 : 0)} s`);
  if (seconds < 60) return msg(str`${formatNumber(Math.round(seconds), 0)} s`);
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return msg(str`${formatNumber(minutes)} min`);
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0
    ? msg(str`${formatNumber(hours)} h`)
    : msg(str`${formatNumber(hours)} h ${formatNumber(minutes % 60)} min`);
}

export function formatMilliseconds(milliseconds: number): string {
  return milliseconds < 1_000 ? msg(str`${formatNumber(milliseconds, 0)} ms`) : formatSeconds(milliseconds / 1_000);
}

/** `360 million`, `1.7 billion`. */
export function formatParameters(count: number): string {
  return numberFormat({ notation: 'compact', compactDisplay: 'long', maximumFractionDigits: 1 }).format(
    count >= 10_000_000 && count < 1_000_000_000 ? Math.round(count / 1_000_000) * 1_000_000 : count,
  );
}

export function formatNumber(value: number, digits = 0): string {
  return numberFormat({ maximumFractionDigits: digits }).format(value);
}

/** 0–1 as `45 %`. */
export function formatFraction(fraction: number): string {
  return numberFormat({ style: 'percent' }).format(Math.floor(fraction * 100) / 100);
}

/** `14:05` */
export function formatTime(at: number): string {
  return new Intl.DateTimeFormat(formatLocale(), { hour: '2-digit', minute: '2-digit' }).format(at);
}

/** `24 Nov 2026, 14:05` */
export function formatDateTime(at: number): string {
  return new Intl.DateTimeFormat(formatLocale(), { dateStyle: 'medium', timeStyle: 'short' }).format(at);
}

const DAY_MS = 24 * 60 * 60 * 1_000;

/** The heading that a chat is listed under: today, yesterday, the last seven days, else its month. */
export function formatDayGroup(at: number, now: number): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / DAY_MS);
  if (days <= 0) return msg('Today');
  if (days === 1) return msg('Yesterday');
  if (days < 7) return msg('Last 7 days');
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(formatLocale(), { month: 'long', ...(!sameYear && { year: 'numeric' }) }).format(at);
}

/** `today`, `yesterday`, `12 days ago`, else the date. */
export function formatDaysAgo(at: number, now: number): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / DAY_MS);
  if (days > 30) return new Intl.DateTimeFormat(formatLocale(), { dateStyle: 'medium' }).format(at);
  return new Intl.RelativeTimeFormat(formatLocale(), { numeric: 'auto' }).format(-days, 'day');
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

const formats = new Map<string, Intl.NumberFormat>();

function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const locale = formatLocale();
  const key = locale + JSON.stringify(options);
  const format = formats.get(key) ?? new Intl.NumberFormat(locale, options);
  formats.set(key, format);
  return format;
}
