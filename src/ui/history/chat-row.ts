import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { ConversationSummary } from '../../chat/conversation.ts';
import type { Project } from '../../chat/project.ts';
import { type ExcerptPart, markedParts } from '../../chat/search/excerpt.ts';
import type { MenuAction } from '../base/action-menu.ts';
import { ChatActionEvent } from './chat-action-event.ts';
import type { ChatEditController } from './chat-edit-controller.ts';
import type { ChatSearchController } from './chat-search-controller.ts';
import { projectChoice } from './project-folders.ts';
import '../base/action-menu.ts';

export interface RowSurroundings {
  readonly edit: ChatEditController;
  readonly search: ChatSearchController;
  readonly isOpen: boolean;
  /** A short status beside the title, such as that an answer is being generated; empty for none. */
  readonly badge: string;
  /** Those that the chat can be moved to. */
  readonly projects: readonly Project[];
  readonly ask: (event: ChatActionEvent) => void;
}

/** A row of the chat list: title, tags, the excerpt of a match, and the menu. */
export function chatRow(chat: ConversationSummary, surroundings: RowSurroundings): TemplateResult {
  const { edit, search, isOpen, badge, projects, ask } = surroundings;
  const title = chat.title || msg('New chat');
  const edited = edit.editedOf(chat.id);
  if (edited !== undefined) return editedRow(chat, edited === 'title' ? title : undefined, edit);
  const excerpt = search.excerpt(chat.id);
  const project = search.isSearching ? projects.find(({ id }) => id === chat.projectId) : undefined;
  const isArchived = search.isSearching && chat.archivedAt !== undefined;
  return html`<li data-id=${chat.id} class=${isOpen ? 'open' : ''}>
    <button
      type="button"
      class="chat"
      title=${title}
      aria-current=${isOpen ? 'page' : nothing}
      @click=${() => ask(new ChatActionEvent('open', chat.id, { messageId: search.matchingMessage(chat.id), value: search.query }))}
    >
      <bdi>${search.isSearching ? marked(markedParts(title, search.query)) : title}</bdi>${
        project === undefined
          ? nothing
          : html`<small class="tags" dir="auto">${msg(str`Project: ${project.name}`)}</small>`
      }${
        chat.tags.length === 0 ? nothing : html`<small class="tags" dir="auto">${chat.tags.join(' · ')}</small>`
      }${search.matchesText(chat.id) ? html`<small class="excerpt" dir="auto">${marked(excerpt?.parts ?? [])}</small>` : nothing}
    </button>
    ${badge === '' ? nothing : html`<span class="badge">${badge}</span>`}
    ${isArchived ? html`<span class="badge archived">${msg('archived')}</span>` : nothing}
    <alcove-menu
      class="icon-button tool"
      label=${msg(str`More for ${title}`)}
      .actions=${menu(chat, projects, edit, ask)}
    ></alcove-menu>
  </li>`;
}

function marked(parts: readonly ExcerptPart[]): (string | TemplateResult)[] {
  return parts.map(({ text, isMatch }) => (isMatch ? html`<mark>${text}</mark>` : text));
}

/** @param title undefined when the tags are edited */
function editedRow(chat: ConversationSummary, title: string | undefined, edit: ChatEditController): TemplateResult {
  const tagsName = msg('Tags, separated by commas');
  return html`<li data-id=${chat.id}>
    <input
      aria-label=${title === undefined ? tagsName : msg('Name of the chat')}
      placeholder=${title === undefined ? tagsName : ''}
      dir="auto"
      .value=${title ?? chat.tags.join(', ')}
      maxlength="200"
      @keydown=${(event: KeyboardEvent) => edit.onKeyDown(event, chat)}
      @blur=${(event: Event) => edit.end(event, chat)}
    />
  </li>`;
}

function menu(
  chat: ConversationSummary,
  projects: readonly Project[],
  edit: ChatEditController,
  ask: (event: ChatActionEvent) => void,
): MenuAction[] {
  const { id, pinnedAt, archivedAt } = chat;
  const isPinned = pinnedAt !== undefined;
  const isArchived = archivedAt !== undefined;
  return [
    { label: msg('Rename'), icon: 'pencil', act: () => edit.start(id, 'title') },
    {
      label: isPinned ? msg('Unpin') : msg('Pin'),
      icon: isPinned ? 'unpin' : 'pin',
      act: () => ask(new ChatActionEvent(isPinned ? 'unpin' : 'pin', id)),
    },
    { label: msg('Tags'), icon: 'tag', act: () => edit.start(id, 'tags') },
    ...projectChoice(projects, chat, (value = '') => ask(new ChatActionEvent('move', id, { value }))),
    {
      label: isArchived ? msg('Unarchive') : msg('Archive'),
      icon: isArchived ? 'unarchive' : 'archive',
      act: () => ask(new ChatActionEvent(isArchived ? 'unarchive' : 'archive', id)),
    },
    { label: msg('Delete'), icon: 'trash', isDangerous: true, act: () => ask(new ChatActionEvent('delete', id)) },
  ];
}
