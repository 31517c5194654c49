import { expect, test } from 'vitest';
import type { ErrorCode } from '../../platform/errors.ts';
import { describeError } from './error-messages.ts';

/** All codes: the type says that none is missing and none is unknown. */
const CODES = Object.keys({
  'webgpu-missing': 0,
  'gpu-adapter-missing': 0,
  'gpu-feature-missing': 0,
  'gpu-limit-too-low': 0,
  'memory-too-small': 0,
  'model-not-for-chat': 0,
  'model-too-large': 0,
  'engine-crashed': 0,
  'engine-hung': 0,
  'engine-busy': 0,
  'device-lost': 0,
  'out-of-memory': 0,
  'self-test-failed': 0,
  'tab-killed': 0,
  'library-mismatch': 0,
  'load-failed': 0,
  'model-not-loaded': 0,
  'generation-failed': 0,
  'template-failed': 0,
  'context-exceeded': 0,
  'context-full': 0,
  'message-too-long': 0,
  'prompt-empty': 0,
  unsupported: 0,
  'browser-model-refused': 0,
  offline: 0,
  stalled: 0,
  'not-found': 0,
  'access-denied': 0,
  'rate-limited': 0,
  'server-error': 0,
  'not-weights': 0,
  'file-truncated': 0,
  'file-corrupt': 0,
  'file-changed': 0,
  'blocked-by-policy': 0,
  'address-invalid': 0,
  'server-unreachable': 0,
  'server-forbids-page': 0,
  'server-key-refused': 0,
  'server-model-unknown': 0,
  'server-cut-off': 0,
  'server-answer-invalid': 0,
  'server-silent': 0,
  'server-failed': 0,
  'quota-exceeded': 0,
  'storage-unavailable': 0,
  'insecure-context': 0,
  'storage-blocked': 0,
  'storage-outdated': 0,
  'model-in-use': 0,
  'model-missing': 0,
  'model-damaged': 0,
  'catalogue-invalid': 0,
  'model-unknown': 0,
  'record-broken': 0,
  'not-gguf': 0,
  'gguf-cut-short': 0,
  'gguf-invalid': 0,
  'gguf-unsupported': 0,
  'projector-mismatch': 0,
  'passphrase-needed': 0,
  'passphrase-wrong': 0,
  'backup-damaged': 0,
  'import-unreadable': 0,
  'gguf-parts-missing': 0,
  'repo-missing': 0,
  'repo-unnamed': 0,
  'repo-gated': 0,
  'repo-without-gguf': 0,
  'repo-without-mlc': 0,
  'file-permission': 0,
  'file-gone': 0,
  'file-replaced': 0,
  'archive-invalid': 0,
  'archive-version': 0,
  'archive-cut-short': 0,
  'document-empty': 0,
  'document-unsupported': 0,
  'document-locked': 0,
  'document-broken': 0,
  'document-without-text': 0,
  'document-too-large': 0,
  'document-changed': 0,
  'picture-unsupported': 0,
  'picture-too-large': 0,
  'worker-failed': 0,
  'attribute-invalid': 0,
  'tool-invalid': 0,
  'hub-unreachable': 0,
  'hub-refuses-page': 0,
  'hub-version-unknown': 0,
  'hub-disconnected': 0,
  'hub-forbids': 0,
  'record-invalid': 0,
  internal: 0,
} satisfies Record<ErrorCode, 0>) as ErrorCode[];

test.each(CODES)('%s has a message without data, in the interface’s style', (code) => {
  const { title, meaning, action } = describeError({ code, data: {} });
  for (const words of [title, meaning, action?.label ?? 'Continue']) {
    expect(words).not.toMatch(/undefined|NaN|\[object|!|oops/i);
    expect(words).toMatch(/^\p{Lu}/u);
  }
  expect(title).not.toMatch(/\.$/);
  expect(meaning).toMatch(/\.$/);
});

test.each(CODES)('%s does not speak of an answer, which may not have started', (code) => {
  expect(describeError({ code, data: {} }).meaning).not.toContain('so far is kept');
});

test('numbers from the data are in the message', () => {
  const quota = describeError({ code: 'quota-exceeded', data: { neededBytes: 518_000_000, freeBytes: 102_000_000 } });
  expect(quota.meaning).toMatch(/^It needs 518 MB; the browser offers 102 MB\./);
  const context = describeError({ code: 'context-exceeded', data: { promptTokens: 5_200, contextWindow: 4_096 } });
  expect(context.meaning).toContain('5,200 tokens');
  const limit = describeError({
    code: 'gpu-limit-too-low',
    data: { limit: 'maxStorageBufferBindingSize', needed: 1_073_741_824, available: 134_217_728 },
  });
  expect(limit.meaning).toContain('134 MB');
  expect(limit.meaning).toContain('1.1 GB');
  const server = describeError({ code: 'server-error', data: { url: 'https://huggingface.co/a', status: 503 } });
  expect(server.meaning).toBe('huggingface.co answered with error 503.');
});

test('a code of a newer version has a message too', () => {
  expect(describeError({ code: 'from-the-future' as ErrorCode, data: {} }).title).toBe(
    'Something in Alcove went wrong',
  );
});
