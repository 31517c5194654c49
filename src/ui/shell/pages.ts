import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { safeDecodeUri } from '../../platform/safe-decode-uri.ts';
import { iconButton } from '../base/icon-button.ts';
import type { ModelActionEvent } from '../contract/events.ts';
import type { SessionLike } from '../contract/session-like.ts';
import type { ActionResult } from '../errors/error-messages.ts';

/** The pages besides the chat. The URL's hash names the open page, so that the browser's back button works. */
export const PAGES = {
  models: {
    title: () => msg('Models'),
    icon: 'library',
    load: () => Promise.all([import('../models/model-list.ts'), import('../models/add/model-menu.ts')]),
  },
  storage: { title: () => msg('Storage'), icon: 'hard-drive', load: () => import('../storage/storage-view.ts') },
  settings: { title: () => msg('Settings'), icon: 'settings', load: () => import('../settings/settings-view.ts') },
  add: { title: () => msg('Add a model'), icon: 'library', load: () => import('../models/add/add-model.ts') },
} as const;

export type Page = keyof typeof PAGES;

/** The pages that the sidebar lists. */
export const LISTED: readonly Page[] = ['models', 'storage', 'settings'];

/** The model that the page for adding a model starts with. */
export interface AddModelLink {
  readonly shared: string;
  readonly edited: string;
}

/** What the URL's hash names besides a page. */
export interface PageLink extends AddModelLink {
  readonly page: Page | undefined;
  /** A part of the page; empty for the page as a whole. */
  readonly section: string;
}

/** Parses the URL's hash: `#models`, `#settings/voice`, `#add=` with a shared model, `#edit=` with a custom model. */
export function readHash(): PageLink {
  const [, name = '', separator, value = ''] = /^#(\w*)(?:([=/])(.*))?$/s.exec(location.hash) ?? [];
  if (name === 'edit') return { page: 'add', section: '', shared: '', edited: safeDecodeUri(value) };
  return {
    page: Object.hasOwn(PAGES, name) ? (name as Page) : undefined,
    section: separator === '/' ? value : '',
    shared: name === 'add' ? value : '',
    edited: '',
  };
}

interface PageOptions {
  readonly link: PageLink;
  readonly result: ActionResult;
  readonly onModelAction: (event: ModelActionEvent) => void;
  readonly onClose: () => void;
}

/** A page, over the chat. Call its `load` first. */
export function pageView(page: Page, session: SessionLike, options: PageOptions): TemplateResult {
  const { error, message } = options.result;
  return html`<main class=${page === 'settings' ? 'page with-list' : 'page'} @alcove-model-action=${options.onModelAction}>
    <div>
      <header>
        <h1 tabindex="-1">${PAGES[page].title()}</h1>
        ${iconButton('close', msg('Back to the chat'), options.onClose)}
      </header>
      ${
        error === undefined
          ? nothing
          : html`<alcove-notice class="result" role="alert" .error=${error} without-action></alcove-notice>`
      }
      ${message === undefined ? nothing : html`<p class="result" role="status">${message}</p>`}
      ${contents(page, session, options.link)}
    </div>
  </main>`;
}

function contents(
  page: Page,
  session: SessionLike,
  { section, shared, edited }: PageLink,
): TemplateResult | typeof nothing {
  const { state } = session;
  switch (page) {
    case 'models':
      return html`<p class="add"><a class="button" href="#add">${msg('Add a model')}</a></p>
        <alcove-model-list with-menu .state=${state}></alcove-model-list>`;
    case 'storage':
      return html`<alcove-storage .state=${state}></alcove-storage>`;
    case 'settings':
      return html`<alcove-settings .session=${session} section=${section}></alcove-settings>`;
    case 'add':
      return state.start === 'starting'
        ? nothing
        : html`<alcove-add-model .session=${session} shared=${shared} edited=${edited}></alcove-add-model>`;
  }
}
