/** What a browser checks for its own `LanguageModel` before anything else. */

/** Chromium's: https://www.w3.org/TR/permissions-policy-1/#introspection has another name for it. */
interface WithPolicy {
  readonly featurePolicy?: { features(): readonly string[]; allowsFeature(feature: string): boolean };
}

const FEATURE = 'language-model';

/** @throws DOMException `InvalidStateError` in a frame that was removed */
export function checkActive(page: Document = document): void {
  if (page.defaultView === null) throw new DOMException('the document is not active', 'InvalidStateError');
}

/** Whether the page's permissions policy allows the Prompt API; true where the browser knows no such policy. */
export function isAllowed(page: Document & WithPolicy = document): boolean {
  const policy = page.featurePolicy;
  return policy === undefined || !policy.features().includes(FEATURE) || policy.allowsFeature(FEATURE);
}
