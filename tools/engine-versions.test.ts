import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ENGINE_VERSIONS } from '../src/models/engines/engine-profiles.ts';

it('measures with the versions of the engines that are installed', () => {
  const { devDependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    devDependencies: Readonly<Record<string, string>>;
  };
  expect(ENGINE_VERSIONS).toEqual({
    webllm: devDependencies['@mlc-ai/web-llm'],
    wllama: devDependencies['@wllama/wllama'],
  });
});
