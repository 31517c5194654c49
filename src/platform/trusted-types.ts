/**
 * Trusted Types: with `require-trusted-types-for 'script'` in its policy, a page starts no worker from an address that is
 * only text. Alcove has one policy of this kind, `alcove`, for the addresses of its own workers; Lit has `lit-html` for its
 * templates. docs/embedding.md names both.
 */

interface ScriptUrlPolicy {
  /** A TrustedScriptURL, which the types of Worker do not know. */
  createScriptURL(url: string): string;
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): ScriptUrlPolicy;
}

/** Undefined where the browser has no Trusted Types; the compiler's libraries have no types for them. */
function trustedTypes(): TrustedTypes | undefined {
  return (globalThis as { readonly trustedTypes?: TrustedTypes }).trustedTypes;
}

let policy: ScriptUrlPolicy | undefined;

/** @param url of a worker of ours, never one that comes from outside */
export function trustedScriptUrl(url: string): string {
  try {
    policy ??= trustedTypes()?.createPolicy('alcove', { createScriptURL: (address) => address });
  } catch {
    // The page's policy does not list the name. It may not require Trusted Types either; if it does, the worker fails.
  }
  return policy?.createScriptURL(url) ?? url;
}
