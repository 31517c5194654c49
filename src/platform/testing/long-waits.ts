import { vi } from 'vitest';

/** Lets `vi.waitFor` and `vi.waitUntil` wait as long as `expect.poll`: their own limit of a second is short on a busy machine. */
const LIMIT_MS = 15_000;

const { waitFor, waitUntil } = vi;
vi.waitFor = (callback, options = LIMIT_MS) => waitFor(callback, options);
vi.waitUntil = (callback, options = LIMIT_MS) => waitUntil(callback, options);
