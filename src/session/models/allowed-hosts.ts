import { AlcoveError } from '../../platform/errors.ts';
import { readLocalSetting, writeLocalSetting } from '../../platform/local-setting.ts';
import { fieldsOf } from '../../platform/untrusted-json.ts';

/**
 * The hosts to which this page may send requests, besides the site's own list in index.html. The user allows each.
 * The page's content security policy is made of both, so a change applies from the next load of the page.
 */
export interface Hosts {
  /** Origin of Hugging Face or of a mirror with the same paths. */
  readonly huggingFaceUrl: string;
  /** Origins as in `https://models.example:8443`, or `https:` for any host. */
  readonly allowed: readonly string[];
}

export const HOSTS_KEY = 'alcove-hosts';

export const HUGGING_FACE_URL = 'https://huggingface.co';

/** An origin, or the scheme alone: stored text must not add another directive to the policy. */
const SOURCE = /^https?:(\/\/[\w.:[\]-]+)?$/;

export function readHosts(): Hosts {
  const stored = fieldsOf(readLocalSetting(HOSTS_KEY)) ?? {};
  const { huggingFaceUrl, allowed } = stored as Partial<Record<keyof Hosts, unknown>>;
  return {
    huggingFaceUrl:
      typeof huggingFaceUrl === 'string' && SOURCE.test(huggingFaceUrl) ? huggingFaceUrl : HUGGING_FACE_URL,
    allowed: Array.isArray(allowed) ? allowed.filter((host) => typeof host === 'string' && SOURCE.test(host)) : [],
  };
}

/** Allows any host, for users who do not want to be asked again. */
export const ANY_HTTPS = 'https:';

/** @throws AlcoveError `storage-unavailable` where localStorage is forbidden or full */
export function writeHosts(hosts: Hosts): void {
  if (!writeLocalSetting(HOSTS_KEY, hosts)) {
    throw new AlcoveError('storage-unavailable', 'localStorage takes nothing');
  }
}

/** Allows requests to this origin from the page's next load. @throws AlcoveError as `writeHosts` */
export function allowHost(source: string): void {
  const hosts = readHosts();
  if (!hosts.allowed.includes(source)) writeHosts({ ...hosts, allowed: [...hosts.allowed, source] });
}

export function forbidHost(source: string): void {
  const hosts = readHosts();
  writeHosts({ ...hosts, allowed: hosts.allowed.filter((host) => host !== source) });
}

/**
 * Forbids connections to all hosts but those of the tag `alcove-connect` and the allowed ones. Call it before anything
 * connects: the policy in index.html leaves connections open, because a policy can be narrowed and never widened. The
 * script that could connect does it, so that no other file has to arrive first.
 */
export function enforceHosts(): void {
  const { huggingFaceUrl, allowed } = readHosts();
  const site = document.querySelector<HTMLMetaElement>('meta[name="alcove-connect"]')?.content ?? "'self'";
  const mirror = huggingFaceUrl === HUGGING_FACE_URL ? [] : [huggingFaceUrl];
  const policy = document.createElement('meta');
  policy.httpEquiv = 'Content-Security-Policy';
  policy.content = `connect-src ${[site, ...mirror, ...allowed].join(' ')}`;
  document.head.append(policy);
}

/** Whether the policies of this page allow requests to this address. True on a page without a policy. */
export function mayAsk(url: string): boolean {
  const policies = document.querySelectorAll<HTMLMetaElement>('meta[http-equiv="content-security-policy" i]');
  return Array.from(policies, ({ content }) => content).every((policy) => allows(policy, new URL(url)));
}

function allows(policy: string, url: URL): boolean {
  const directives = policy.split(';').map((directive) => directive.trim().split(/\s+/));
  const sources = directives.find(([name]) => name === 'connect-src')?.slice(1);
  return sources === undefined || sources.some((source) => matches(source, url));
}

/** The part of https://www.w3.org/TR/CSP3/#match-url-to-source-expression that our policies use. */
function matches(source: string, url: URL): boolean {
  if (source === '*') return true;
  if (source === "'self'") return url.origin === location.origin;
  if (/^https?:$/.test(source)) return url.protocol === source || (source === 'http:' && url.protocol === 'https:');
  const [scheme = '', host = ''] = source.split('://');
  if (`${scheme}:` !== url.protocol) return false;
  return host.startsWith('*.') ? url.host.endsWith(host.slice(1)) : url.host === host;
}
