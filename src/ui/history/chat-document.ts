import { msg } from '@lit/localize';
import {
  type AnswerPiece,
  answerPieces,
  attachmentsOf,
  boundedText,
  type CallPiece,
} from '../../chat/answer-pieces.ts';
import type { Conversation, Message } from '../../chat/conversation.ts';
import { reasoningOf, textOf } from '../../chat/message-parts.ts';
import { activePath } from '../../chat/tree.ts';
import { formatDateTime } from '../lib/format.ts';
import { direction, locale } from '../lib/locale.ts';
import { omittedLabel, partLabel } from '../lib/part-label.ts';
import { StreamingMarkdown } from '../markdown/streaming-markdown.ts';

/** Styles for screen and print. The page's policy allows no scripts and no requests. */
const STYLES = `
  :root { color-scheme: light; font: 12pt/1.55 system-ui, sans-serif; color: #1c1e21; background: #fff; }
  body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.6em; line-height: 1.25; margin: 0 0 .2em; }
  .about, .stopped, .part { color: #5c6168; font-size: .85em; }
  article { margin-block-start: 1.6em; }
  article > h2 { font-size: .8em; color: #5c6168; margin: 0 0 .3em; break-after: avoid; }
  .question { white-space: pre-wrap; overflow-wrap: anywhere; border-inline-start: 3px solid #1f6357; padding-inline-start: .8em; }
  .thinking { color: #5c6168; font-size: .9em; white-space: pre-wrap; border-inline-start: 2px solid #ccc; padding-inline-start: .8em; }
  pre { background: #f3f3ef; padding: .7em .9em; border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85em; break-inside: avoid-page; }
  code { font-family: ui-monospace, monospace; font-size: .92em; }
  table { border-collapse: collapse; break-inside: avoid; } th, td { border: 1px solid #ccc; padding: .25em .6em; text-align: start; }
  blockquote { margin-inline: 0; padding-inline-start: .9em; border-inline-start: 3px solid #ccc; }
  img { max-width: 100%; } a { color: #1b5a4f; }
  @media print { body { margin: 0; max-width: none; padding: 0; } }
  @page { margin: 18mm; }
`;

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** The active branch as a self-contained HTML page to print or save, rendered by the app's code, without buttons. */
export async function chatDocument(chat: Conversation, nameOf: (message: Message) => string): Promise<Document> {
  const page = document.implementation.createHTMLDocument(chat.title);
  page.documentElement.lang = locale();
  page.documentElement.dir = direction();
  const head = [
    element(page, 'meta', { charset: 'utf-8' }),
    element(page, 'meta', { 'http-equiv': 'content-security-policy', content: POLICY }),
    element(page, 'meta', { name: 'viewport', content: 'width=device-width' }),
    element(page, 'style', {}, STYLES),
  ];
  page.head.prepend(...head);
  page.body.append(
    element(page, 'h1', { dir: 'auto' }, chat.title),
    element(page, 'p', { class: 'about' }, formatDateTime(chat.createdAt)),
  );
  for (const message of activePath(chat)) page.body.append(await messageElement(page, message, nameOf));
  return page;
}

export function documentText(page: Document): string {
  return `<!doctype html>\n${page.documentElement.outerHTML}\n`;
}

async function messageElement(
  page: Document,
  message: Message,
  nameOf: (message: Message) => string,
): Promise<HTMLElement> {
  const isQuestion = message.role === 'user';
  const article = element(page, 'article');
  const who = isQuestion ? msg('You') : message.role === 'summary' ? msg('Summary') : nameOf(message);
  article.append(element(page, 'h2', {}, who));
  const parts = attachmentsOf(message).map((part) =>
    element(page, 'p', { class: 'part', dir: 'auto' }, partLabel(part)),
  );
  const pieces = answerPieces(message);
  if (pieces === undefined) {
    const reasoning = reasoningOf(message);
    if (reasoning !== '') article.append(thinkingElement(page, reasoning));
    article.append(...parts);
    if (isQuestion) article.append(element(page, 'div', { class: 'question', dir: 'auto' }, textOf(message)));
    else article.append(page.importNode(await drawn(textOf(message)), true));
  } else {
    article.append(...parts);
    for (const piece of pieces) article.append(await pieceElement(page, piece));
  }
  if (message.status === 'stopped' || message.status === 'failed') {
    article.append(element(page, 'p', { class: 'stopped' }, msg('The answer did not finish by itself.')));
  }
  return article;
}

async function pieceElement(page: Document, piece: AnswerPiece): Promise<HTMLElement> {
  switch (piece.type) {
    case 'text':
      return page.importNode(await drawn(piece.text), true);
    case 'reasoning':
      return thinkingElement(page, piece.text);
    case 'call':
      return callElement(page, piece);
  }
}

function thinkingElement(page: Document, reasoning: string): HTMLElement {
  return element(page, 'div', { class: 'thinking', dir: 'auto' }, reasoning);
}

/** Folded; `printDocument` opens it. */
function callElement(page: Document, { call, result }: CallPiece): HTMLElement {
  const details = element(page, 'details');
  details.append(element(page, 'summary', { class: 'part', dir: 'auto' }, partLabel(call)));
  const add = (name: string, content: string, omitted?: number): void => {
    const { text, omittedCharacters } = boundedText(content, omitted);
    details.append(element(page, 'p', { class: 'part' }, name), element(page, 'pre', { dir: 'auto' }, text));
    if (omittedCharacters > 0) details.append(element(page, 'p', { class: 'part' }, omittedLabel(omittedCharacters)));
  };
  add(msg('Arguments'), call.argumentsJson);
  if (result !== undefined) add(msg('Result'), result.content, result.omittedCharacters);
  return details;
}

/** Renders a text as the app does; a long text takes several frames. */
async function drawn(text: string): Promise<HTMLElement> {
  const container = document.createElement('div');
  container.dir = 'auto';
  const { promise, resolve } = Promise.withResolvers<void>();
  const writer = new StreamingMarkdown(container, () => {
    if (writer.isSettled) resolve();
  });
  writer.update(text, true);
  if (writer.isSettled) resolve();
  await promise;
  for (const control of container.querySelectorAll('button')) control.remove();
  return container;
}

function element(
  page: Document,
  name: string,
  attributes: Readonly<Record<string, string>> = {},
  text = '',
): HTMLElement {
  const made = page.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

/**
 * Opens the browser's print dialog for a page. The frame adopts its styles by script: the app's policy, which applies to
 * the frame too, allows no style elements.
 */
export async function printDocument(page: Document): Promise<void> {
  const frame = document.createElement('iframe');
  // Not `hidden`: Firefox prints nothing from a frame without layout.
  frame.style.cssText = 'position: fixed; inline-size: 0; block-size: 0; border: 0; visibility: hidden';
  frame.ariaHidden = 'true';
  document.body.append(frame);
  const { contentWindow: view, contentDocument: blank } = frame;
  if (view === null || blank === null) return;
  const sheet = new (view as Window & typeof globalThis).CSSStyleSheet();
  sheet.replaceSync(STYLES);
  blank.adoptedStyleSheets = [sheet];
  blank.title = page.title;
  blank.documentElement.lang = page.documentElement.lang;
  blank.documentElement.dir = page.documentElement.dir;
  blank.body.replaceWith(blank.importNode(page.body, true));
  for (const call of blank.querySelectorAll('details')) call.open = true;
  view.addEventListener('afterprint', () => setTimeout(() => frame.remove()));
  view.print();
}
