/** What a page and a worker have in common here; their event maps differ. */
interface ViolationTarget {
  addEventListener(type: 'securitypolicyviolation', listener: (event: Event) => void): void;
}

const blockedHosts = new Map<string, string>();
let watching = false;

/** Starts to take note of requests that a content security policy forbids. Once for a page or worker. */
export function watchPolicy(): void {
  if (watching) return;
  watching = true;
  const target = globalThis as unknown as ViolationTarget;
  target.addEventListener('securitypolicyviolation', (event) => {
    const { blockedURI } = event as Event & { readonly blockedURI?: string };
    const host = hostOf(blockedURI);
    if (host !== undefined) blockedHosts.set(host, host);
  });
}

/**
 * The host that a policy keeps a fetch from, if that is why it failed. A fetch only says "Failed to fetch"; the reason
 * comes as an event, a task later. For a forbidden redirect browsers name the address before it, so as not to tell the
 * page where it led.
 */
export async function findBlockedHost(url: string): Promise<string | undefined> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  return blockedHosts.get(new URL(url).host);
}

function hostOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).host : undefined;
}
