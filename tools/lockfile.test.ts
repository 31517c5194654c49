import { expect, it } from 'vitest';
import { missingPackages, readLock } from './lockfile.ts';

it('locks every platform’s packages, as npm ci demands', () => {
  expect(Object.keys(missingPackages(readLock().packages))).toEqual([]);
});

it('adds a platform that is missing, with what its name says', () => {
  const packages = {
    '': {},
    'node_modules/tool': {
      version: '2.0.0',
      dev: true,
      optionalDependencies: { '@tool/linux-x64-musl': '2.0.0', '@tool/darwin-arm64': '2.0.0', '@tool/near': '2.0.0' },
    },
    'node_modules/tool/node_modules/@tool/near': { version: '2.0.0' },
    'node_modules/@tool/darwin-arm64': { version: '2.0.0' },
  };
  expect(missingPackages(packages)).toEqual({
    'node_modules/@tool/linux-x64-musl': {
      version: '2.0.0',
      dev: true,
      optional: true,
      os: ['linux'],
      cpu: ['x64'],
      libc: ['musl'],
    },
  });
});
