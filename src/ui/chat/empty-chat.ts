import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { isExternal, type ModelRecord } from '../../models/model-record.ts';
import { lazyElement } from '../base/lazy-element.ts';
import { type ChatOptions, chatSlot } from '../contract/chat-options.ts';
import type { SessionLike } from '../contract/session-like.ts';
import { isToy } from '../models/model-labels.ts';

/** Phrases that the toy model was trained on. */
const TOY_PHRASES = ['What is the capital of France?', 'My name is Ada.', 'Tell me a long story.'] as const;

/**
 * The view of a chat without messages.
 * @param onChoose called with a starter of the page or a phrase of the toy, to send it
 * @param session where it is given, personas are offered
 */
export function emptyChat(
  model: ModelRecord | undefined,
  options: ChatOptions,
  onChoose: (starter: string) => void,
  session: SessionLike | undefined,
): TemplateResult {
  const { greeting, starters } = options;
  const hasToyPhrases = starters === undefined && model !== undefined && isToy(model);
  const phrases = starters ?? (hasToyPhrases ? TOY_PHRASES : []);
  const title = model === undefined ? msg('Choose a model to start') : msg('What would you like to know?');
  const welcome = html`<h2 tabindex="-1" dir="auto" part="greeting">${greeting || title}</h2>
    <p class="muted small">${guidance(model, hasToyPhrases)}</p>`;
  return html`<div class="empty">
    ${chatSlot(options, 'welcome', { fallback: welcome })}
    ${chatSlot(options, 'starters', { fallback: renderPhrases(phrases, onChoose) })}
    ${
      model === undefined || session === undefined
        ? nothing
        : html`<alcove-persona-offer ${lazyElement(() => import('./sending/beside-composer.ts'))} .session=${session}></alcove-persona-offer>`
    }
  </div>`;
}

function renderPhrases(
  phrases: readonly string[],
  onChoose: (phrase: string) => void,
): TemplateResult | typeof nothing {
  if (phrases.length === 0) return nothing;
  return html`<div class="suggestions" part="starters">
    ${phrases.map(
      (phrase) =>
        html`<button type="button" class="button" part="starter" @click=${() => onChoose(phrase)}><bdi>${phrase}</bdi></button>`,
    )}
  </div>`;
}

function guidance(model: ModelRecord | undefined, hasPhrases: boolean): string {
  if (model === undefined) return msg('Your models are in the menu at the top.');
  if (hasPhrases) return msg('The toy model knows a few phrases in English. Try one:');
  // The remote badge says where a server's answer is computed; where the browser's model answers, no page can know.
  if (isExternal(model)) return msg('It can make mistakes: check what matters.');
  return msg(str`${model.name} answers on this device. It can make mistakes: check what matters.`);
}
