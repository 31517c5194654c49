/**
 * Trusted Types: with `require-trusted-types-for 'script'` in its policy, a page starts no worker from an address that is
 * only text, and parses no text as HTML. Alcove has one policy of this kind, `alcove`, for the addresses of its own workers
 * and for KaTeX's markup; Lit has `lit-html` for its templates. docs/embedding.md names both.
 */

/** What each rule makes is a TrustedScriptURL or TrustedHTML, which the types of Worker and DOMParser do not know. */
interface Rules {
  createScriptURL(url: string): string;
  createHTML(markup: string): string;
}

interface TrustedTypes {
  createPolicy(name: string, rules: Rules): Rules;
}

/** Undefined where the browser has no Trusted Types; the compiler's libraries have no types for them. */
function trustedTypes(): TrustedTypes | undefined {
  return (globalThis as { readonly trustedTypes?: TrustedTypes }).trustedTypes;
}

const AS_IT_IS: Rules = { createScriptURL: (url) => url, createHTML: (markup) => markup };

let policy: Rules | undefined;

function rules(): Rules {
  try {
    policy ??= trustedTypes()?.createPolicy('alcove', AS_IT_IS);
  } catch {
    // The page's policy does not list the name. It may not require Trusted Types either; if it does, the use fails.
  }
  return policy ?? AS_IT_IS;
}

/** @param url of a worker of ours, never one that comes from outside */
export function trustedScriptUrl(url: string): string {
  return rules().createScriptURL(url);
}

/** @param markup for a document that runs nothing, whose nodes are checked before they are used */
export function trustedMarkup(markup: string): string {
  return rules().createHTML(markup);
}
