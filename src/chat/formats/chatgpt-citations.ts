/** Puts links in place of the marks that ChatGPT writes for its citations. */
import { arrayField, field, textField } from '../../platform/untrusted-json.ts';

/** A mark between two private-use characters, its arguments separated by a third: `cite`, `turn0search0`, … */
const MARK = /\ue200([^\ue200\ue201]*)\ue201/g;
const SEPARATOR = '\ue202';
/** Marks whose private-use characters were lost on the way. */
const BARE_MARK = /\b(?:file)?cite(?:turn\d+[a-z]+\d+(?:L\d+-L\d+)?)+/g;
/** What remains when a mark is damaged, and the characters that highlight a passage. */
const PRIVATE_USE = /[\ue200-\ue206]/g;
/** The marks of 2023 and 2024: `【12†source】`. */
const OLD_MARK = /【\d+(?::\d+)?†[^】\n]*】/g;

interface Link {
  readonly title: string;
  readonly url: string;
}

/**
 * A text with the links of `metadata.content_references`, or of the older `metadata.citations`, in place of its marks. A
 * mark without a link goes, but the name of an entity stays.
 */
export function withLinks(text: string, metadata: unknown): string {
  const links = new Map<string, readonly Link[]>();
  for (const reference of arrayField(metadata, 'content_references') ?? []) {
    const mark = textField(reference, 'matched_text') ?? '';
    if (mark.trim() !== '') links.set(plain(mark), linksOf(reference));
  }
  const old = (arrayField(metadata, 'citations') ?? []).map((citation) => ({
    start: field(citation, 'start_ix'),
    end: field(citation, 'end_ix'),
    links: linksOf(field(citation, 'metadata')),
  }));
  const characters = old.length === 0 ? [] : [...text];
  for (const { start, end, links: found } of old) {
    if (typeof start !== 'number' || typeof end !== 'number') continue;
    links.set(plain(characters.slice(start, end).join('')), found);
  }
  if (links.size === 0 && !/[\ue200-\ue206]|cite|†/.test(text)) return text;
  return text
    .replace(MARK, (mark, inner: string) => {
      const found = links.get(plain(mark)) ?? [];
      return found.length > 0 ? written(found) : nameIn(inner.split(SEPARATOR));
    })
    .replace(BARE_MARK, (mark) => written(links.get(mark) ?? []))
    .replace(OLD_MARK, (mark) => written(links.get(mark) ?? []))
    .replace(PRIVATE_USE, '');
}

/** A mark as exports have it whether or not its private-use characters survived. */
function plain(mark: string): string {
  return mark.replace(PRIVATE_USE, '').trim();
}

/** The words in a mark that is no citation: an entity has its name, a list of pages its title. */
function nameIn([kind, first = '']: readonly string[]): string {
  if (kind === 'entity') {
    try {
      const value: unknown = JSON.parse(first);
      return Array.isArray(value) && typeof value[1] === 'string' ? value[1] : '';
    } catch {
      return '';
    }
  }
  return kind === 'navlist' ? first : '';
}

function linksOf(reference: unknown): Link[] {
  const items = [
    ...(arrayField(reference, 'items') ?? []),
    ...(arrayField(reference, 'fallback_items') ?? []),
    ...(arrayField(reference, 'sources') ?? []),
  ];
  const links = (items.length === 0 ? [reference] : items).flatMap((item) => {
    const url = textField(item, 'url') ?? '';
    const title = textField(item, 'attribution') || textField(item, 'title') || '';
    return isWebAddress(url) ? [{ title, url }] : [];
  });
  const others = (arrayField(reference, 'safe_urls') ?? []).flatMap((url) =>
    typeof url === 'string' && isWebAddress(url) ? [{ title: '', url }] : [],
  );
  const all = links.length === 0 ? others : links;
  return all.filter(({ url }, index) => all.findIndex((other) => other.url === url) === index);
}

function isWebAddress(url: string): boolean {
  return /^https?:\/\//.test(url) && URL.canParse(url);
}

function written(links: readonly Link[]): string {
  if (links.length === 0) return '';
  const texts = links.map(({ title, url }) => {
    const { href, hostname } = new URL(url);
    const words = (title.trim() || hostname).replace(/\s+/g, ' ').replace(/[\\[\]*_`<>]/g, '\\$&');
    return `[${words}](${href.replace(/[()]/g, (one) => (one === '(' ? '%28' : '%29'))})`;
  });
  return `(${texts.join(', ')})`;
}
