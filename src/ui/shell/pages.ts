import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { safeDecodeUri } from '../../platform/safe-decode-uri.ts';
import { findModel } from '../../session/state/find-model.ts';
import type { SessionState } from '../../session/state/session-state.ts';
import { iconButton } from '../base/icon-button.ts';
import type { ModelActionEvent } from '../contract/events.ts';
import { ADD_MODEL_HASH, formatModelsPlace, MODELS_HASH, readModelsPlace } from '../contract/models-address.ts';
import { ALL_MODELS, type ModelsPlace, type ModelsPlaceEvent } from '../contract/models-place.ts';
import type { SessionLike } from '../contract/session-like.ts';
import type { ActionResult } from '../errors/error-messages.ts';
import type { ChatActionEvent } from '../history/chat-action-event.ts';

/** The pages besides the chat. The URL's hash names the open page, so that the browser's back button works. */
export const PAGES = {
  models: {
    title: () => msg('Models'),
    icon: 'library',
    load: () => Promise.all([import('../models/menu/choose-model.ts'), import('../models/add/model-menu.ts')]),
  },
  storage: { title: () => msg('Storage'), icon: 'hard-drive', load: () => import('../storage/storage-view.ts') },
  settings: { title: () => msg('Settings'), icon: 'settings', load: () => import('../settings/settings-view.ts') },
  project: { title: () => msg('Project'), icon: 'folder', load: () => import('../projects/project-page.ts') },
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
  /** A part of the page, or the project; empty for the page as a whole. */
  readonly section: string;
  /** What the page for models shows. */
  readonly place: ModelsPlace;
}

/** Parses the hash: `#/models/ID`, `#settings/voice`, `#add=` with a shared model, `#edit=` with a custom model. */
export function readHash(): PageLink {
  const { hash } = location;
  const [, name = '', separator, value = ''] = /^#(\w*)(?:([=/])(.*))?$/s.exec(hash) ?? [];
  const link = { page: undefined, section: '', shared: '', edited: '', place: ALL_MODELS };
  if (name === 'edit') return { ...link, page: 'add', edited: safeDecodeUri(value) };
  if (hash === ADD_MODEL_HASH) return { ...link, page: 'add' };
  const [, projectId] = /^#\/project\/([^/]+)$/.exec(hash) ?? [];
  if (projectId !== undefined) return { ...link, page: 'project', section: safeDecodeUri(projectId) };
  const place = readModelsPlace(hash);
  if (place !== undefined) return { ...link, page: 'models', place };
  return {
    ...link,
    page: Object.hasOwn(PAGES, name) ? (name as Page) : undefined,
    section: separator === '/' && name !== '' ? value : '',
    shared: name === 'add' ? value : '',
  };
}

/** The hash of a page's address. */
export function hashOf(page: Page): string {
  return page === 'models' ? MODELS_HASH : `#${page}`;
}

interface PageOptions {
  readonly link: PageLink;
  readonly result: ActionResult;
  readonly onModelAction: (event: ModelActionEvent) => void;
  readonly onChatAction: (event: ChatActionEvent) => void;
  readonly onClose: () => void;
}

/** A page, over the chat. Call its `load` first. */
export function pageView(page: Page, session: SessionLike, options: PageOptions): TemplateResult {
  const { error, message } = options.result;
  return html`<main class=${page === 'settings' ? 'page with-list' : 'page'} @alcove-model-action=${options.onModelAction} @alcove-chat-action=${options.onChatAction} @alcove-models-place=${goToPlace}>
    <div class=${page === 'models' && options.link.place.at === 'comparison' ? 'wide' : ''}>
      <header>
        <h1 tabindex="-1"><bdi>${page === 'project' ? pageTitle(page, options.link, session.state) : PAGES[page].title()}</bdi></h1>
        ${page === 'models' && options.link.place.at === 'list' ? html`<a class="button" href=${ADD_MODEL_HASH}>${msg('Add a model')}</a>` : nothing}
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

/** The title of a page's document: that of the page, or the names of the models that it shows. */
export function pageTitle(page: Page, { place, section }: PageLink, state: SessionState): string {
  const project = page === 'project' ? state.projects?.find(({ id }) => id === section) : undefined;
  if (project !== undefined) return project.name;
  const ids = place.at === 'model' ? [place.modelId] : place.at === 'comparison' ? place.modelIds : [];
  return ids.flatMap((id) => findModel(state, id)?.record.name ?? []).join(', ') || PAGES[page].title();
}

/** What an entry of the history keeps of a model's page or a comparison: the entry before it is the list. */
interface PlaceState {
  readonly isOverList?: true;
}

/** From the list to a model adds an entry to the history, and back removes it, or replaces one that a link has made. */
function goToPlace(event: ModelsPlaceEvent): void {
  event.preventDefault();
  const hash = formatModelsPlace(event.place);
  if (event.place.at !== 'list') {
    location.hash = hash;
    history.replaceState({ isOverList: true } satisfies PlaceState, '');
  } else if ((history.state as PlaceState | null)?.isOverList) history.back();
  else location.replace(hash);
}

function contents(
  page: Page,
  session: SessionLike,
  { section, shared, edited, place }: PageLink,
): TemplateResult | typeof nothing {
  const { state } = session;
  switch (page) {
    case 'models':
      return html`<alcove-model-list with-menu .state=${state} .place=${place}></alcove-model-list>`;
    case 'storage':
      return html`<alcove-storage .state=${state}></alcove-storage>`;
    case 'settings':
      return html`<alcove-settings .session=${session} section=${section}></alcove-settings>`;
    case 'project':
      return html`<alcove-project-page .session=${session} .projectId=${section}></alcove-project-page>`;
    case 'add':
      return state.start === 'starting'
        ? nothing
        : html`<a class="button quiet back" href=${MODELS_HASH}><alcove-icon name="chevron-left"></alcove-icon>${msg('All models')}</a>
          <alcove-add-model .session=${session} shared=${shared} edited=${edited}></alcove-add-model>`;
  }
}
