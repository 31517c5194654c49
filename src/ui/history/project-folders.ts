import { msg, str } from '@lit/localize';
import { html, type LitElement, nothing, type ReactiveController, type TemplateResult } from 'lit';
import folderIcon from 'lucide-static/icons/folder.svg?raw';
import folderMoveIcon from 'lucide-static/icons/folder-input.svg?raw';
import folderMinusIcon from 'lucide-static/icons/folder-minus.svg?raw';
import folderPlusIcon from 'lucide-static/icons/folder-plus.svg?raw';
import type { ConversationSummary } from '../../chat/conversation.ts';
import type { Project } from '../../chat/project.ts';
import { readLocalList, writeLocalSetting } from '../../platform/local-setting.ts';
import type { MenuAction } from '../base/action-menu.ts';
import { addIcons } from '../base/icon.ts';
import { iconButton } from '../base/icon-button.ts';
import { ProjectActionEvent } from '../contract/project-events.ts';
import { pressedKey } from '../lib/pressed-key.ts';

addIcons({
  folder: folderIcon,
  'folder-input': folderMoveIcon,
  'folder-minus': folderMinusIcon,
  'folder-plus': folderPlusIcon,
});

const OPEN_FOLDERS = 'alcove-open-projects';

/** Which projects are open in the list of chats, also on the next visit, and which one is being renamed. */
export class ProjectFoldersController implements ReactiveController {
  readonly #host: LitElement;
  #open: ReadonlySet<string> = new Set(readLocalList(OPEN_FOLDERS));
  #renamedId: string | undefined;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {}

  isOpen(id: string): boolean {
    return this.#open.has(id);
  }

  toggle(id: string, isOpen = !this.isOpen(id)): void {
    const others = [...this.#open].filter((one) => one !== id);
    this.#open = new Set(isOpen ? [...others, id] : others);
    writeLocalSetting(OPEN_FOLDERS, [...this.#open]);
    this.#host.requestUpdate();
  }

  isRenamed(id: string): boolean {
    return this.#renamedId === id;
  }

  async rename(id: string): Promise<void> {
    this.#setRenamed(id);
    await this.#host.updateComplete;
    this.#host.renderRoot.querySelector<HTMLInputElement>('li.project input')?.select();
  }

  async endRename({ target, type }: Event, project: Project, isKept = true): Promise<void> {
    if (!this.isRenamed(project.id) || !(target instanceof HTMLInputElement)) return;
    this.#setRenamed(undefined);
    const name = target.value.trim();
    if (isKept && name !== '' && name !== project.name)
      this.#host.dispatchEvent(new ProjectActionEvent('rename', project.id, name));
    if (type !== 'keydown') return;
    await this.#host.updateComplete;
    this.#host.renderRoot.querySelector<HTMLElement>(`[data-id="${CSS.escape(project.id)}"] .chat`)?.focus();
  }

  onRenameKey(event: KeyboardEvent, project: Project): void {
    const key = pressedKey(event);
    if (key !== 'Enter' && key !== 'Escape') return;
    event.stopPropagation();
    // Else the same keypress would activate the row that gets the focus back.
    event.preventDefault();
    void this.endRename(event, project, key === 'Enter');
  }

  #setRenamed(id: string | undefined): void {
    this.#renamedId = id;
    this.#host.requestUpdate();
  }
}

interface FolderSurroundings {
  readonly folders: ProjectFoldersController;
  /** The project of the open chat, or the open one itself. */
  readonly openProjectId: string | undefined;
  readonly ask: (event: ProjectActionEvent) => void;
  readonly rows: (chats: readonly ConversationSummary[]) => unknown;
}

/** The projects, as folders above the other chats. */
export function projectFolders(
  projects: readonly Project[],
  chats: readonly ConversationSummary[],
  surroundings: FolderSurroundings,
): TemplateResult {
  const within = Map.groupBy(chats, ({ projectId }) => projectId);
  return html`<section class="projects" aria-label=${msg('Projects')}>
    <div class="head">
      <h2>${msg('Projects')}</h2>
      ${iconButton('folder-plus', msg('New project'), () => surroundings.ask(new ProjectActionEvent('new')), { classes: 'tool' })}
    </div>
    ${projects.map((project) => folder(project, within.get(project.id) ?? [], surroundings))}
  </section>`;
}

function folder(
  project: Project,
  chats: readonly ConversationSummary[],
  { folders, openProjectId, ask, rows }: FolderSurroundings,
): TemplateResult {
  const { id, name } = project;
  const isOpen = folders.isOpen(id);
  const [pinned, others] = [true, false].map((isPinned) =>
    chats.filter((chat) => (chat.pinnedAt !== undefined) === isPinned),
  );
  return html`<ul aria-label=${name}>
    ${
      folders.isRenamed(id)
        ? html`<li data-id=${id} class="project">
          <input
            aria-label=${msg('Name of the project')}
            dir="auto"
            .value=${name}
            maxlength="100"
            @keydown=${(event: KeyboardEvent) => folders.onRenameKey(event, project)}
            @blur=${(event: Event) => folders.endRename(event, project)}
          />
        </li>`
        : html`<li data-id=${id} data-project=${id} class=${id === openProjectId && !isOpen ? 'project open' : 'project'}>
          <button
            type="button"
            class="fold"
            aria-expanded=${isOpen}
            aria-label=${msg(str`Chats of ${name}`)}
            @click=${() => folders.toggle(id)}
          >
            <alcove-icon name="chevron-down"></alcove-icon>
          </button>
          <button type="button" class="chat" title=${name} @click=${() => ask(new ProjectActionEvent('open', id))}>
            <alcove-icon name="folder"></alcove-icon><bdi>${name}</bdi>
          </button>
          <alcove-menu
            class="icon-button tool"
            label=${msg(str`More for ${name}`)}
            .actions=${menu(id, folders, ask)}
          ></alcove-menu>
        </li>`
    }
    ${
      !isOpen
        ? nothing
        : chats.length === 0
          ? html`<li class="none">${msg('No chats yet')}</li>`
          : rows([...(pinned ?? []), ...(others ?? [])])
    }
  </ul>`;
}

function menu(id: string, folders: ProjectFoldersController, ask: (event: ProjectActionEvent) => void): MenuAction[] {
  return [
    { label: msg('New chat'), icon: 'new-chat', act: () => ask(new ProjectActionEvent('new-chat', id)) },
    { label: msg('Rename'), icon: 'pencil', act: () => void folders.rename(id) },
    { label: msg('Delete'), icon: 'trash', isDangerous: true, act: () => ask(new ProjectActionEvent('delete', id)) },
  ];
}

/** Of a chat's menu: the projects that it can be moved to. @param move called with the id, or undefined for none */
export function projectChoice(
  projects: readonly Project[],
  { projectId }: ConversationSummary,
  move: (projectId: string | undefined) => void,
): MenuAction[] {
  const current = projects.find(({ id }) => id === projectId);
  const choices = projects
    .filter((project) => project !== current)
    .map(({ id, name }): MenuAction => ({ label: name, icon: 'folder', act: () => move(id) }));
  const none: MenuAction[] =
    current === undefined ? [] : [{ label: msg('No project'), icon: 'folder-minus', act: () => move(undefined) }];
  const more = [...choices, ...none];
  return more.length === 0 ? [] : [{ label: msg('Move to a project'), icon: 'folder-input', more }];
}
