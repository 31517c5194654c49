import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Conversation } from '../../../chat/conversation.ts';
import {
  answerReserve,
  type ContextUse,
  contextUse,
  tokensOf,
  tokensOfParts,
} from '../../../chat/prompt/context-window.ts';
import { promptText } from '../../../chat/prompt/prompt.ts';
import { unreadDocuments } from '../../../chat/prompt/read-passages.ts';
import { estimateToolTokens } from '../../../chat/prompt/token-estimate.ts';
import { effectiveSettings } from '../../../chat/settings/effective-settings.ts';
import { activePath, pathTo } from '../../../chat/tree.ts';
import { PASSAGES_SHARE, quoteWhole } from '../../../documents/retrieval/quoted-documents.ts';
import { profileOf } from '../../../models/engines/engine-profiles.ts';
import { fittedRecord } from '../../../models/fit/fit-result.ts';
import type { ModelEntry, OfferedTool, PreferenceState } from '../../../session/state/session-state.ts';
import { baseStyles } from '../../base/base.styles.ts';
import { chipStyles } from '../../base/chip.styles.ts';
import { PanelEvent } from '../../contract/events.ts';
import { customElement } from '../../lib/custom-element.ts';
import { formatNumber } from '../../lib/format.ts';
import type { Composer } from '../composer.ts';
import type { Documents } from '../documents/passages-read.ts';
import type { OutgoingMessage } from './outgoing-message.ts';

/** From this fraction on the meter warns: there is space for about one or two answers. */
const NEARLY_FULL = 0.8;

/** Delay after the last change before a draft is counted, in ms. */
const DRAFT_MS = 150;

const NO_DRAFT: OutgoingMessage = { text: '', attached: [] };

/**
 * @summary How many tokens of the model's context window the chat, the draft and what the page adds to it take. Estimates have ≈ before them.
 */
@customElement('alcove-context-meter')
export class ContextMeter extends LitElement {
  static override readonly styles = [
    baseStyles,
    chipStyles,
    css`
      .chip {
        display: flex;
        flex-wrap: wrap;
        place-content: center start;
        gap: 2px 10px;
        inline-size: 100%;
      }

      .bar {
        flex: 0 1 calc(6 * var(--_rem));
        min-inline-size: calc(3 * var(--_rem));
        block-size: 4px;
        border-radius: 2px;
        background: var(--_border);
        overflow: hidden;
      }

      .used {
        display: block;
        block-size: 100%;
        border-radius: 2px;
        background: var(--_accent);
      }

      .nearly .used {
        background: var(--_warning);
      }

      .chip.nearly {
        color: var(--_warning);
      }

      @media (forced-colors: active) {
        .bar {
          border: 1px solid CanvasText;
        }

        .used {
          background: Highlight;
        }
      }
    `,
  ];

  /** Undefined until they have been read. */
  @property({ attribute: false }) preferences: PreferenceState | undefined;

  /** What comes before the system prompt. */
  @property({ attribute: false }) instructions = '';

  /** The session's chat; a change of it updates the meter. */
  @property({ attribute: false }) chat: Conversation | undefined;

  @property({ attribute: false }) entry: ModelEntry | undefined;

  /** What the model is offered with the next message. */
  @property({ attribute: false }) tools: readonly OfferedTool[] = [];

  /** Reads the text that the page adds to the next message; `''` for none. */
  @property({ attribute: false }) readAttached: (() => Promise<string>) | undefined;

  /** Reads the documents of the draft. */
  @property({ attribute: false }) documents: Documents | undefined;

  @state() private draft: OutgoingMessage = NO_DRAFT;

  /** Estimate of what the draft's documents take as a whole. */
  @state() private documentTokens = 0;

  @state() private attached = '';

  #fraction = 0;
  #toolTokens = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #use: { readonly key: string; readonly use: ContextUse } | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  /** @param composer or another place of a message that is not sent yet */
  follow({ draft, attached }: Pick<Composer, 'draft' | 'attached'>): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.draft = { text: draft, attached };
      void this.#readAttached();
      void this.#readDocuments(this.draft);
    }, DRAFT_MS);
  }

  async #readDocuments(draft: OutgoingMessage): Promise<void> {
    const texts = await Promise.all(
      // The chip of a document that cannot be read says so, and the prompt has nothing of it.
      unreadDocuments([{ parts: draft.attached }]).map(async ({ sha256, name }) => {
        const text = await this.documents?.textOf(sha256, name).catch(() => undefined);
        return text === undefined ? [] : [{ name, text }];
      }),
    );
    if (this.draft === draft) this.documentTokens = quoteWhole(texts.flat(), Number.POSITIVE_INFINITY)?.tokens ?? 0;
  }

  async #readAttached(): Promise<void> {
    const text = (await this.readAttached?.()) ?? '';
    if (this.isConnected) this.attached = text;
  }

  /** An answer's tokens are counted when it has ended; until then its text does not change the meter. */
  protected override shouldUpdate(changed: PropertyValues<this>): boolean {
    const isSame = this.chat !== undefined && this.#use?.key === this.#keyOf(this.chat);
    return !isSame || changed.size > 1 || !changed.has('chat');
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('tools')) this.#toolTokens = estimateToolTokens(this.tools);
    const before = changed.get('chat');
    if (before?.activeLeafId === this.chat?.activeLeafId || !changed.has('chat')) return;
    this.draft = NO_DRAFT;
    this.documentTokens = 0;
    // What the new message had with it is counted as a part of the chat.
    void this.#readAttached();
  }

  /** Sets the style by script: the page's policy allows no style attributes. */
  protected override updated(): void {
    const bar = this.renderRoot.querySelector<HTMLElement>('.used');
    if (bar !== null) bar.style.inlineSize = `${this.#fraction * 100}%`;
  }

  /** Counts once per message, not with every frame of a long answer, at whose end the engine reports its own count. */
  #useOf(chat: Conversation): ContextUse {
    const key = this.#keyOf(chat);
    if (this.#use?.key !== key) {
      const leaf = chat.messages.get(chat.activeLeafId ?? '');
      const path = leaf?.status === 'streaming' ? pathTo(chat, leaf.parentId) : activePath(chat);
      this.#use = { key, use: contextUse(path, this.#systemPromptOf(chat), this.#toolTokens, this.#imageTokens) };
    }
    return this.#use.use;
  }

  get #imageTokens(): number {
    return this.entry === undefined ? 0 : profileOf(this.entry.record).imageTokens(this.entry.record);
  }

  /** Documents that do not fit as a whole are read in part. */
  #documentTokensOf({ factor }: ContextUse, left: number): number {
    const whole = Math.ceil(this.documentTokens * factor);
    return whole <= left ? whole : Math.floor(Math.max(0, left) * PASSAGES_SHARE);
  }

  #keyOf(chat: Conversation): string {
    const leaf = chat.messages.get(chat.activeLeafId ?? '');
    const length = leaf === undefined || leaf.status === 'streaming' ? '' : promptText(leaf).length;
    return `${chat.id} ${leaf?.id} ${leaf?.status} ${length} ${this.#toolTokens} ${this.#imageTokens} ${this.#systemPromptOf(chat)}`;
  }

  #systemPromptOf(chat: Conversation): string {
    return effectiveSettings(this.preferences?.forAll ?? {}, chat.settings, this.instructions).systemPrompt ?? '';
  }

  override render(): TemplateResult | typeof nothing {
    const { chat, entry, preferences } = this;
    if (chat?.activeLeafId === undefined || preferences === undefined || entry === undefined) return nothing;
    // With little memory the model is loaded with a smaller context window than its own.
    const windowTokens = fittedRecord(entry.record, entry.fit).contextWindow;
    const use = this.#useOf(chat);
    const next = `${this.attached}${this.draft.text}`;
    const withoutDocuments =
      use.usedTokens + tokensOf(next, use) + tokensOfParts(this.draft.attached, use, this.#imageTokens);
    const left = windowTokens - answerReserve(windowTokens) - withoutDocuments;
    const tokens = withoutDocuments + this.#documentTokensOf(use, left);
    const isEstimated = use.isEstimated || next !== '' || this.draft.attached.length > 0;
    this.#fraction = Math.min(1, tokens / windowTokens);
    const count = `${isEstimated ? '≈ ' : ''}${formatNumber(tokens)}`;
    const isNearlyFull = this.#fraction >= NEARLY_FULL;
    const remaining = formatNumber(Math.max(0, windowTokens - tokens));
    const words = isNearlyFull
      ? msg(str`${count} of ${formatNumber(windowTokens)} tokens, ${remaining} left for the answer`)
      : msg(str`${count} of ${formatNumber(windowTokens)} tokens`);
    return html`<button
      type="button"
      class="chip plain ${isNearlyFull ? 'nearly' : ''}"
      title=${msg('The context window: what the model reads at once. Open this chat’s settings')}
      @click=${() => this.dispatchEvent(new PanelEvent('chat'))}
    >
      <span class="bar" aria-hidden="true"><span class="used"></span></span>
      <span class="numbers">
        <span class="visually-hidden">${msg('Context window:')} </span>${words}
      </span>
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-context-meter': ContextMeter;
  }
}
