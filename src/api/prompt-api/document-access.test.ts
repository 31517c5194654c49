import { expect, test } from 'vitest';
import { checkActive, isAllowed } from './document-access.ts';

test('a frame that was removed is not active', () => {
  const frame = document.createElement('iframe');
  document.body.append(frame);
  const page = frame.contentDocument;
  if (page === null) throw new Error('no document');
  checkActive(page);
  frame.remove();
  expect(() => checkActive(page)).toThrow(expect.objectContaining({ name: 'InvalidStateError' }));
});

test.each<readonly [features: readonly string[], allows: boolean, isFree: boolean]>([
  [['language-model'], false, false],
  [['language-model'], true, true],
  [['camera'], false, true],
])('a policy with %s that allows: %s', (features, allows, isFree) => {
  const featurePolicy = { features: () => features, allowsFeature: () => allows };
  const page = { featurePolicy } as unknown as Document;
  expect(isAllowed(page)).toBe(isFree);
  expect(isAllowed(document.implementation.createHTMLDocument())).toBe(true);
});
