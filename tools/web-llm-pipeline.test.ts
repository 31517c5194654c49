import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const source = readFileSync(new URL('../node_modules/@mlc-ai/web-llm/lib/index.js', import.meta.url), 'utf8');

/**
 * Hashes of what src/engine/webllm/worker/reuse-prompts.ts replaces or relies on. When one differs, read the new method, see that
 * the replacement still fits, run webllm-reuse.wgpu.test.ts, and only then write the new hash here.
 */
const KNOWN = {
  'getInputData()': 'ac5965e9a9f1ac47',
  'embedAndForward(inputData, inputDataLen)': '01ba90aad0d60407',
  'resetKVCache()': '343894b55809fbfd',
  'resetChat(keepStats = false)': '356a75e4b59877b4',
  'forwardPrefill(inp, msgRole, inpRoleStr, genConfig)': '7a99bc3b835bf685',
  'forwardDecodeToken(tokenId)': 'e72614351f210986',
  'getActiveKVStates()': 'beafe7a41a59ac5d',
  'preparePrefillInput(input, pipeline, chatConfig, reuseKVCache = true)': '68444b6f90646e22',
};

it('finds web-llm’s pipeline as the code that reuses prompts knows it', () => {
  const found = Object.fromEntries(Object.keys(KNOWN).map((method) => [method, hashOf(method)]));
  expect(found).toEqual(KNOWN);
  expect(source).toContain('const defaultPageSize = 16;');
});

function hashOf(method: string): string {
  const start = source.indexOf(`\n    ${method} {\n`);
  if (start === -1) return 'not there';
  const body = source.slice(start, source.indexOf('\n    }\n', start));
  return createHash('sha256').update(body).digest('hex').slice(0, 16);
}
