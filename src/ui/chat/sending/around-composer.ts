import { html, nothing, type TemplateResult } from 'lit';
import { chatInstructions, projectOfChat } from '../../../session/state/chat-instructions.ts';
import type { SessionState } from '../../../session/state/session-state.ts';
import { lazyElement } from '../../base/lazy-element.ts';
import type { ChatOptions } from '../../contract/chat-options.ts';
import type { SessionLike } from '../../contract/session-like.ts';
import { selectedEntry } from '../../models/model-labels.ts';

const besideComposer = (): Promise<unknown> => import('./beside-composer.ts');

/** Above the composer: what applies to the next message. */
export function aboveComposer(session: SessionLike): (TemplateResult | typeof nothing)[] {
  const { state } = session;
  return [
    projectOfChat(state, state.chat) === undefined
      ? nothing
      : html`<alcove-project-chip ${lazyElement(besideComposer)} .state=${state}></alcove-project-chip>`,
    hasSystemPrompt(state)
      ? html`<alcove-persona-chip ${lazyElement(besideComposer)} .state=${state}></alcove-persona-chip>`
      : nothing,
    state.compared === undefined
      ? nothing
      : html`<alcove-compare-chip ${lazyElement(besideComposer)} .session=${session} .state=${state}></alcove-compare-chip>`,
  ];
}

/** Below the composer: what the model has room for, and what it may use. */
export function belowComposer({ state, chats }: SessionLike, options: ChatOptions): TemplateResult {
  const { chat, tools, preferences } = state;
  return html`<div class="below">
    ${
      chat?.activeLeafId === undefined
        ? nothing
        : html`<alcove-context-meter
          part="meter"
          ${lazyElement(besideComposer)}
          .preferences=${preferences}
          .instructions=${chatInstructions(state, chat)}
          .chat=${chat}
          .entry=${selectedEntry(state)}
          .tools=${tools}
          .documents=${chats.documents}
          .readAttached=${options.readAttached}
        ></alcove-context-meter>`
    }
    ${
      tools.length === 0 || options.isReadonly
        ? nothing
        : html`<alcove-tools-chip ${lazyElement(besideComposer)} .tools=${tools}></alcove-tools-chip>`
    }
  </div>`;
}

/** Whether the user has set what the model reads before the chat; the instructions of a page are the page's own matter. */
function hasSystemPrompt({ chat, preferences }: SessionState): boolean {
  const own = chat === undefined ? preferences?.forNext : chat.settings;
  return Boolean(own?.systemPrompt ?? preferences?.forAll.systemPrompt);
}
