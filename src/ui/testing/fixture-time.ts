export const NOW = new Date(2026, 10, 23, 14, 30).getTime();
export const HOUR_MS = 3_600_000;
