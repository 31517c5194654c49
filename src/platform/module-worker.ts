import { trustedScriptUrl } from './trusted-types.ts';

/** Blob URLs of the wrappers below, one for each foreign script and never revoked: a few bytes, no race with its start. */
const wrapperUrls = new Map<string, string>();

/**
 * Starts a module worker from a script that may be on another origin, as it does when a host page embeds the element
 * from a CDN: browsers refuse `new Worker(foreignUrl)`, but a worker of the page's own may import the foreign module.
 * That host must send CORS headers, and the page's content security policy must allow `worker-src blob:` and that origin. On a page with
 * a policy in a meta tag every worker starts so, because only then the policy holds in it too.
 *
 * Get the URL with Vite's `import url from './worker/name.ts?worker&url'`. A wrapped worker's `location` is a blob: URL,
 * so its code resolves other files against `import.meta.url` only.
 *
 * @param url absolute, or relative to the page
 * @param name shown in developer tools
 */
export function createModuleWorker(url: string, name: string): Worker {
  const isWrapped = isForeign(url) || (hasMetaPolicy() && URL.canParse(url));
  return new Worker(trustedScriptUrl(isWrapped ? wrap(url) : url), { type: 'module', name });
}

/**
 * Whether the page has a content security policy in a meta tag. Such a policy does not bind a worker that comes from
 * the network, only one from a Blob, which inherits it: https://www.w3.org/TR/CSP3/#security-inherit-csp
 */
function hasMetaPolicy(): boolean {
  const { document } = globalThis as { readonly document?: { querySelector(selector: string): unknown } };
  return document !== undefined && document.querySelector('meta[http-equiv="content-security-policy" i]') !== null;
}

/** A relative address never is: a frame without an address of its own (`srcdoc`) could not even resolve it. */
function isForeign(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, origin } = new URL(url);
  return (protocol === 'https:' || protocol === 'http:') && origin !== globalThis.origin;
}

function wrap(url: string): string {
  let wrapperUrl = wrapperUrls.get(url);
  if (wrapperUrl === undefined) {
    wrapperUrl = URL.createObjectURL(new Blob([`import ${JSON.stringify(url)};`], { type: 'text/javascript' }));
    wrapperUrls.set(url, wrapperUrl);
  }
  return wrapperUrl;
}
