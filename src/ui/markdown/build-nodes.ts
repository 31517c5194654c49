import { msg, str } from '@lit/localize';
import type { Token, Tokens } from 'marked';
import { imageHost, isInlineImage, safeAddress, withoutDisguise } from './address.ts';
import { createCodeBlock } from './code-block.ts';
import { decodeEntities } from './entities.ts';
import { DEPTH_LIMIT } from './guard.ts';
import { type BlockToken, ours } from './lexer.ts';
import { carriesData } from './links/exfiltration-check.ts';
import { prepareLink } from './links/links.ts';
import { createFormula } from './maths/formulas.ts';
import { createNote, createNoteMark, type NoteNumbers } from './notes.ts';

/**
 * Builds DOM nodes from Markdown tokens. It can create only the elements and attributes that this folder names; a model's
 * text becomes only text nodes, checked URLs and `title` attributes. It sets no ids, names or styles.
 */
export interface BuildOptions {
  /** The text is unfinished: links have no target yet. */
  readonly isOpen: boolean;
  readonly notes: NoteNumbers;
  /** The text is a link's: a formula could move it away from its host. */
  readonly isInLink?: true;
  /** The content of a table's cell. */
  readonly isInCell?: boolean;
}

type ContentTag = 'p' | 'blockquote' | 'li' | 'strong' | 'em' | 'del' | 'td' | 'th';

/** Top-level blocks detect their text direction, and nested ones inherit it: a list has its markers on one side. */
const OUTERMOST = 'p, ul, ol, blockquote, .note, h3, h4, h5, h6';

export function buildBlocks(tokens: readonly Token[], options: BuildOptions, depth = 0): Node[] {
  const nodes = ours(tokens).flatMap((token) => buildBlock(token, options, depth));
  for (const node of nodes) {
    if (depth === 0 && node instanceof HTMLElement && node.matches(OUTERMOST)) node.dir = 'auto';
  }
  return nodes;
}

function buildBlock(token: BlockToken, options: BuildOptions, depth: number): Node[] {
  if (depth > DEPTH_LIMIT) return [paragraphOf(token.raw)];
  switch (token.type) {
    case 'space':
      return [];
    case 'paragraph':
      return [element('p', buildInline(token.tokens, options, depth))];
    case 'text':
      return token.tokens === undefined
        ? [document.createTextNode(decodeEntities(token.text))]
        : buildInline(token.tokens, options, depth);
    case 'heading':
      return [heading(token, buildInline(token.tokens, options, depth))];
    case 'blockquote':
      return [element('blockquote', buildBlocks(token.tokens, options, depth + 1))];
    case 'list':
      return [buildList(token, options, depth)];
    case 'table':
      return [buildTable(token, options, depth)];
    case 'code': {
      const block = createCodeBlock(token.lang?.trim().split(/\s+/, 1)[0] ?? '');
      block.append(`${token.text}\n`);
      return [block.root];
    }
    case 'hr':
      return [document.createElement('hr')];
    case 'checkbox':
      return [checkbox(token)];
    case 'formula':
      return [element('p', [createFormula(token.tex, token.raw, true)])];
    case 'note':
      return [createNote(options.notes.numberOf(token.label), buildBlocks(token.tokens, options, depth + 1))];
    case 'def':
      // A URL as its own link text is not repeated; an unsafe target is shown as source text.
      return options.isOpen || safeAddress(decodeEntities(token.href)) !== undefined ? [] : [paragraphOf(token.raw)];
    default:
      if (/^\s*(?:<br\s*\/?>\s*)+$/i.test(token.raw)) return [element('p', [document.createElement('br')])];
      // Other HTML is shown as source text.
      return token.raw.trim() === '' ? [] : [paragraphOf(token.raw)];
  }
}

/** An HTML element that answers use where Markdown has no syntax, while its end is looked for. */
interface OpenElement {
  readonly tag: string;
  readonly raw: string;
  readonly nodes: Node[];
}

const HTML_TAG = /^<(\/?)(sub|sup|kbd|u|ul|ol|li)\s*\/?>$/i;

function buildInline(tokens: readonly Token[], options: BuildOptions, depth: number): Node[] {
  const nodes: Node[] = [];
  const open: OpenElement[] = [];
  const put = (...added: Node[]): void => void (open.at(-1)?.nodes ?? nodes).push(...added);
  const close = (): void => {
    const element = open.pop();
    if (element !== undefined) put(elementOf(element));
  };
  for (const token of ours(tokens)) {
    const [, slash, name = ''] = (token.type === 'html' ? HTML_TAG.exec(token.raw) : null) ?? [];
    const tag = name.toLowerCase();
    if (slash === undefined) put(...buildSpan(token, options, depth));
    else if (slash === '/' && open.some((element) => element.tag === tag)) {
      // HTML allows `</li>` to be left out.
      while (open.at(-1)?.tag !== tag) close();
      close();
    } else if (slash === '' && depth + open.length < DEPTH_LIMIT && isPlaced(tag, open, options)) {
      if (tag === 'li' && open.at(-1)?.tag === 'li') close();
      open.push({ tag, raw: token.raw, nodes: [] });
    } else put(document.createTextNode(token.raw));
  }
  while (open.length > 0) {
    // While the answer is written, the end may still come; without one the tag is text.
    const unclosed = open.at(-1);
    if (options.isOpen || unclosed === undefined || unclosed.tag === 'li') close();
    else {
      open.pop();
      put(document.createTextNode(unclosed.raw), ...unclosed.nodes);
    }
  }
  return nodes;
}

/** Lists are for the cells of tables, which have no other syntax for them; items are for lists. */
function isPlaced(tag: string, open: readonly OpenElement[], { isInCell = false }: BuildOptions): boolean {
  if (tag === 'li') return open.some((element) => element.tag === 'ul' || element.tag === 'ol');
  return isInCell || (tag !== 'ul' && tag !== 'ol');
}

function elementOf({ tag, nodes }: OpenElement): HTMLElement {
  const element = document.createElement(tag);
  element.append(...nodes);
  return element;
}

function buildSpan(token: BlockToken, options: BuildOptions, depth: number): Node[] {
  if (depth > DEPTH_LIMIT) return [document.createTextNode(token.raw)];
  switch (token.type) {
    case 'text':
      return token.tokens === undefined
        ? [document.createTextNode(decodeEntities(token.text))]
        : buildInline(token.tokens, options, depth + 1);
    case 'escape':
      return [document.createTextNode(token.text)];
    case 'strong':
    case 'em':
    case 'del':
      return [element(token.type, buildInline(token.tokens, options, depth + 1))];
    case 'codespan': {
      const code = document.createElement('code');
      code.textContent = token.text;
      return [code];
    }
    case 'br':
      return [document.createElement('br')];
    case 'link':
      return buildLink(token, options, depth);
    case 'image':
      return [buildImage(token)];
    case 'checkbox':
      return [checkbox(token)];
    case 'formula-inline':
      return options.isInLink
        ? [document.createTextNode(token.raw)]
        : [createFormula(token.tex, token.raw, token.isDisplay)];
    case 'note-reference':
      return [createNoteMark(options.notes.numberOf(token.label))];
    case 'html':
      // Tables have no other syntax for a line break; `buildInline` has taken the other elements.
      return /^<br\s*\/?>$/i.test(token.raw) ? [document.createElement('br')] : [document.createTextNode(token.raw)];
    default:
      return [document.createTextNode(token.raw)];
  }
}

function buildLink(token: Tokens.Link, options: BuildOptions, depth: number): Node[] {
  const address = safeAddress(decodeEntities(token.href));
  const content = buildInline(token.tokens, { ...options, isInLink: true }, depth + 1);
  if (address === undefined) return token.autolink === true ? content : [document.createTextNode(token.raw)];

  const link = document.createElement('a');
  link.append(...content);
  stripDisguise(link);
  // A model can put any text over any URL, so the real host is shown beside the link's text.
  link.dir = 'auto';
  if (!options.isOpen) {
    link.title = address.href;
    if (carriesData(address.href)) link.className = 'asks';
    prepareLink(link, address.href);
  }
  if (isShownIn(link.textContent ?? '', address.host)) return [link];
  const host = document.createElement('span');
  host.className = 'link-host';
  host.textContent = ` (${address.host})`;
  return [link, host];
}

/** Whether the link's text is its URL, so that the host need not be shown again. */
function isShownIn(text: string, host: string): boolean {
  const start = text
    .trim()
    .toLowerCase()
    .replace(/^(?:https?:\/\/|mailto:)/, '');
  return start === host || start.startsWith(`${host}/`) || start.startsWith(`${host}?`);
}

function stripDisguise(root: Node): void {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    node.nodeValue = withoutDisguise(node.nodeValue ?? '');
  }
}

/** Images are never fetched: their URLs could exfiltrate the conversation. */
function buildImage(token: Tokens.Image): HTMLElement {
  if (isInlineImage(token.href)) {
    const image = document.createElement('img');
    image.src = token.href;
    image.alt = token.text;
    return image;
  }
  const placeholder = document.createElement('span');
  placeholder.className = 'picture';
  placeholder.title = withoutDisguise(token.href).slice(0, ADDRESS_LENGTH);
  const name = withoutDisguise(token.text).trim();
  placeholder.textContent =
    name === ''
      ? msg(str`Image not loaded (${imageHost(token.href)})`)
      : msg(str`Image not loaded: ${name} (${imageHost(token.href)})`);
  return placeholder;
}

/** Most characters shown of a URL that is not opened. */
const ADDRESS_LENGTH = 500;

function buildList(token: Tokens.List, options: BuildOptions, depth: number): HTMLElement {
  const list = document.createElement(token.ordered ? 'ol' : 'ul');
  if (list instanceof HTMLOListElement && typeof token.start === 'number' && token.start !== 1)
    list.start = token.start;
  for (const item of token.items) {
    const node = element('li', buildBlocks(item.tokens, options, depth + 1));
    if (item.task) node.className = 'task';
    list.append(node);
  }
  return list;
}

function checkbox(token: Tokens.Checkbox): HTMLElement {
  const box = document.createElement('span');
  box.className = token.checked ? 'box checked' : 'box';
  box.setAttribute('role', 'img');
  box.setAttribute('aria-label', token.checked ? msg('done') : msg('to do'));
  return box;
}

function buildTable(token: Tokens.Table, options: BuildOptions, depth: number): HTMLElement {
  const table = document.createElement('table');
  table.dir = 'auto';
  const row = (cells: readonly Tokens.TableCell[]): HTMLElement => {
    const line = document.createElement('tr');
    for (const cell of cells) {
      const node = element(
        cell.header ? 'th' : 'td',
        buildInline(cell.tokens, { ...options, isInCell: true }, depth + 1),
      );
      if (cell.align !== null) node.className = cell.align;
      line.append(node);
    }
    return line;
  };
  const head = document.createElement('thead');
  head.append(row(token.header));
  const body = document.createElement('tbody');
  body.append(...token.rows.map(row));
  table.append(head, body);
  const frame = document.createElement('div');
  frame.className = 'table';
  // A wide table scrolls, also with the keyboard.
  frame.tabIndex = 0;
  frame.setAttribute('role', 'group');
  frame.setAttribute('aria-label', msg('Table'));
  frame.append(table);
  return frame;
}

const HEADING_LEVELS = 6;

/** Headings move down, below the page's own headings. */
function heading({ depth }: Tokens.Heading, content: readonly Node[]): HTMLElement {
  const node = document.createElement(`h${Math.min(depth + 2, HEADING_LEVELS)}`);
  node.append(...content);
  return node;
}

/** HTML's `<details>`, closed, with its summary. */
export function createDetails(summary: Iterable<Node>): HTMLDetailsElement {
  const words = document.createElement('summary');
  words.append(...summary);
  if (words.textContent?.trim() === '') words.textContent = msg('Details');
  const root = document.createElement('details');
  root.dir = 'auto';
  root.append(words);
  return root;
}

/** Source text, with its line breaks. */
export function paragraphOf(text: string): HTMLElement {
  const node = element('p', [document.createTextNode(text.trimEnd())]);
  node.dir = 'auto';
  node.className = 'verbatim';
  return node;
}

function element(tag: ContentTag, content: readonly Node[]): HTMLElement {
  const node = document.createElement(tag);
  node.append(...content);
  return node;
}
