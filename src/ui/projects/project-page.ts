import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import fileIcon from 'lucide-static/icons/file-text.svg?raw';
import {
  MOST_PROJECT_FILES,
  PROJECT_NAME_LENGTH,
  type Project,
  type ProjectFile,
  projectOf,
} from '../../chat/project.ts';
import { SYSTEM_PROMPT_LENGTH } from '../../chat/settings/setting-limits.ts';
import { type AlcoveError, toAlcoveError } from '../../platform/errors.ts';
import { baseStyles, dangerStyles } from '../base/base.styles.ts';
import { formStyles } from '../base/form.styles.ts';
import { addIcons } from '../base/icon.ts';
import { iconButton } from '../base/icon-button.ts';
import { sectionsStyles } from '../base/sections.styles.ts';
import { textButton } from '../base/text-button.ts';
import { ProjectActionEvent } from '../contract/project-events.ts';
import type { SessionLike } from '../contract/session-like.ts';
import { ChatActionEvent } from '../history/chat-action-event.ts';
import { customElement } from '../lib/custom-element.ts';
import { FocusRestoreController } from '../lib/focus-restore-controller.ts';
import { formatBytes, formatDayGroup } from '../lib/format.ts';
import { SubscriptionController } from '../lib/subscription-controller.ts';
import '../errors/notice.ts';

addIcons({ file: fileIcon });

/** Chats that are listed before the user asks for all. */
const CHATS_SHOWN = 20;

/**
 * @summary The page of a project: its name, instructions, files and chats.
 * @event alcove-project-action
 * @event alcove-chat-action
 */
@customElement('alcove-project-page')
export class ProjectPage extends LitElement {
  static override readonly styles = [
    baseStyles,
    formStyles,
    sectionsStyles,
    dangerStyles,
    css`
      :host,
      section {
        grid-template-columns: minmax(0, 1fr);
      }

      .start {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }

      section > p {
        margin-block-start: -8px;
      }

      textarea {
        max-block-size: 24em;
        field-sizing: content;
      }

      li {
        display: flex;
        align-items: center;
        gap: 10px;
        min-block-size: 44px;
        border-block-end: 1px solid var(--_border);
        font-size: var(--_text-s);
      }

      li alcove-icon {
        flex: none;
        color: var(--_text-muted);
      }

      li bdi {
        flex: 1;
        min-inline-size: 0;
        overflow: hidden;
        text-align: start;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      li small {
        flex: none;
        color: var(--_text-muted);
      }

      .open {
        display: flex;
        flex: 1;
        align-items: center;
        gap: 10px;
        min-inline-size: 0;
        min-block-size: 44px;
        padding: 0;
        border: 0;
        background: none;
        font-size: inherit;
        cursor: pointer;
      }

      .open:hover bdi {
        text-decoration: underline;
      }

      .files {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 12px;
        justify-items: start;
        padding: 16px;
        border: 1px dashed var(--_border-strong);
        border-radius: var(--_radius);
      }

      .files.over {
        border-color: var(--_accent);
        background: var(--_accent-soft);
      }

      ul {
        inline-size: 100%;
      }
    `,
  ];

  @property({ attribute: false }) session: SessionLike | undefined;

  @property() projectId = '';

  @state() private error: AlcoveError | undefined;
  @state() private isAdding = false;
  @state() private isOver = false;
  @state() private showsAllChats = false;

  #seenId: string | undefined;

  constructor() {
    super();
    new SubscriptionController(this, () => this.session);
    new FocusRestoreController(this, '.files input');
  }

  get #project(): Project | undefined {
    return projectOf(this.session?.state.projects, this.projectId);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('projectId')) return;
    this.error = undefined;
    this.showsAllChats = false;
  }

  /** The name of a project that was just made is typed at once; else the user begins at the top. */
  protected override updated(): void {
    const project = this.#project;
    if (project === undefined || this.#seenId === project.id) return;
    this.#seenId = project.id;
    const isNew = project.changedAt === project.createdAt;
    if (isNew) this.renderRoot.querySelector<HTMLInputElement>('.name')?.select();
  }

  async #try(act: () => Promise<void> | undefined): Promise<void> {
    this.error = undefined;
    try {
      await act();
    } catch (error) {
      this.error = toAlcoveError(error);
    }
  }

  #onName({ target }: Event): void {
    if (!(target instanceof HTMLInputElement)) return;
    const { name = '' } = this.#project ?? {};
    if (target.value.trim() === '') target.value = name;
    else void this.#try(() => this.session?.chats.projects.change(this.projectId, { name: target.value }));
  }

  #onInstructions({ target }: Event): void {
    if (!(target instanceof HTMLTextAreaElement)) return;
    const instructions = target.value;
    void this.#try(() => this.session?.chats.projects.change(this.projectId, { instructions }));
  }

  #onFiles({ target }: Event): void {
    if (!(target instanceof HTMLInputElement)) return;
    void this.#add([...(target.files ?? [])]);
    // So that the same file can be chosen again.
    target.value = '';
  }

  readonly #onDrag = (event: DragEvent): void => {
    if (event.dataTransfer?.types.includes('Files') !== true) return;
    // Elsewhere a dropped file is opened as a model.
    event.preventDefault();
    event.stopPropagation();
    this.isOver = event.type === 'dragover';
    if (event.type === 'drop') void this.#add([...event.dataTransfer.files]);
  };

  async #add(files: readonly File[]): Promise<void> {
    if (files.length === 0) return;
    this.isAdding = true;
    await this.#try(() => this.session?.chats.projects.addFiles(this.projectId, files));
    this.isAdding = false;
  }

  #ask(action: 'new-chat' | 'delete'): void {
    this.dispatchEvent(new ProjectActionEvent(action, this.projectId));
  }

  override render(): TemplateResult | typeof nothing {
    const { session } = this;
    if (session?.state.projects === undefined) return nothing;
    const project = this.#project;
    if (project === undefined) return html`<p>${msg('This project is not on this device.')}</p>`;
    return html`<div class="start">${textButton(msg('New chat in this project'), () => this.#ask('new-chat'), 'primary')}</div>
      ${this.error === undefined ? nothing : html`<alcove-notice role="alert" .error=${this.error} without-action></alcove-notice>`}
      <section>
        <label class="field">
          <span>${msg('Name')}</span>
          <input class="name" dir="auto" maxlength=${PROJECT_NAME_LENGTH} .value=${project.name} @change=${this.#onName} />
        </label>
        <label class="field">
          <span>${msg('Instructions')}</span>
          <textarea
            rows="4"
            dir="auto"
            maxlength=${SYSTEM_PROMPT_LENGTH}
            placeholder=${msg('e.g. You help with my thesis about tides. Answer briefly.')}
            .value=${project.instructions}
            @change=${this.#onInstructions}
          ></textarea>
          <span class="muted small">${msg('The model reads them in every chat of this project, before a persona.')}</span>
        </label>
      </section>
      ${this.#renderFiles(project)} ${this.#renderChats(session)}
      <div><button type="button" class="button danger" @click=${() => this.#ask('delete')}>${msg('Delete project')}</button></div>`;
  }

  #renderFiles({ files }: Project): TemplateResult {
    return html`<section>
      <h2>${msg('Files')}</h2>
      <p class="muted small">${msg('The model looks for answers in them, in every chat of this project. They stay on this device.')}</p>
      <div
        class=${this.isOver ? 'files over' : 'files'}
        @dragover=${this.#onDrag}
        @dragleave=${this.#onDrag}
        @drop=${this.#onDrag}
      >
        ${
          files.length === 0
            ? html`<p class="muted small">${msg('No files yet. Choose some, or drop them here.')}</p>`
            : html`<ul aria-label=${msg('Files')}>${repeat(
                files,
                ({ sha256 }) => sha256,
                (file) => this.#renderFile(file),
              )}</ul>`
        }
        ${
          files.length >= MOST_PROJECT_FILES
            ? html`<p class="muted small">${msg(str`A project has at most ${MOST_PROJECT_FILES} files.`)}</p>`
            : html`<label class="button file">
              ${this.isAdding ? msg('Adding…') : msg('Add files')}
              <input type="file" multiple ?disabled=${this.isAdding} @change=${this.#onFiles} />
            </label>`
        }
      </div>
    </section>`;
  }

  #renderFile({ name, sizeBytes, sha256 }: ProjectFile): TemplateResult {
    const remove = (): Promise<void> =>
      this.#try(() => this.session?.chats.projects.removeFile(this.projectId, sha256));
    return html`<li>
      <alcove-icon name="file"></alcove-icon><bdi title=${name}>${name}</bdi>
      ${sizeBytes === undefined ? nothing : html`<small>${formatBytes(sizeBytes)}</small>`}
      ${iconButton('close', msg(str`Remove ${name}`), remove)}
    </li>`;
  }

  #renderChats({ state }: SessionLike): TemplateResult {
    const chats = state.chats.filter(({ projectId }) => projectId === this.projectId);
    const shown = this.showsAllChats ? chats : chats.slice(0, CHATS_SHOWN);
    const now = Date.now();
    return html`<section>
      <h2>${msg('Chats')}</h2>
      ${
        chats.length === 0
          ? html`<p class="muted small">${msg('No chats yet. Begin one here, or move one here by its menu in the list.')}</p>`
          : html`<ul aria-label=${msg('Chats')}>${shown.map(
              ({ id, title, updatedAt }) => html`<li>
                <button type="button" class="open" @click=${() => this.dispatchEvent(new ChatActionEvent('open', id))}>
                  <alcove-icon name="message"></alcove-icon><bdi>${title || msg('New chat')}</bdi>
                  <small>${formatDayGroup(updatedAt, now)}</small>
                </button>
              </li>`,
            )}</ul>`
      }
      ${
        shown.length === chats.length
          ? nothing
          : html`<div>${textButton(msg('Show all chats'), () => {
              this.showsAllChats = true;
            })}</div>`
      }
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-project-page': ProjectPage;
  }
}
