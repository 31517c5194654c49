import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { ModelRecord } from '../../models/model-record.ts';
import { isToy } from '../models/model-labels.ts';

/** Phrases that the toy model was trained on. */
const TOY_PHRASES = ['What is the capital of France?', 'My name is Ada.', 'Tell me a long story.'] as const;

/**
 * The view of a chat without messages.
 * @param greeting of the page that shows the chat
 * @param onSuggest called with the phrase that the user chooses
 * @param starters phrases to choose from; default: those that the toy knows, for the toy
 */
export function emptyChat(
  model: ModelRecord | undefined,
  greeting: string | undefined,
  onSuggest: (phrase: string) => void,
  starters?: readonly string[],
): TemplateResult {
  const hasToyPhrases = starters === undefined && model !== undefined && isToy(model);
  const phrases = starters ?? (hasToyPhrases ? TOY_PHRASES : []);
  const title = model === undefined ? msg('Choose a model to start') : msg('What would you like to know?');
  return html`<div class="empty">
    <h2 tabindex="-1" dir="auto" part="greeting">${greeting || title}</h2>
    <p class="muted small">${guidance(model, hasToyPhrases)}</p>
    ${
      phrases.length === 0
        ? nothing
        : html`<div class="suggestions" part="starters">
          ${phrases.map(
            (phrase) =>
              html`<button type="button" class="button" part="starter" @click=${() => onSuggest(phrase)}><bdi>${phrase}</bdi></button>`,
          )}
        </div>`
    }
  </div>`;
}

function guidance(model: ModelRecord | undefined, hasPhrases: boolean): string {
  if (model === undefined) return msg('The models on this device are listed under the name at the top.');
  if (hasPhrases) return msg('The toy knows a few set phrases, in English. Try one of them:');
  // The remote badge already says where the answer is computed.
  if (model.source.kind === 'custom-server') return msg('It can make mistakes: check what matters.');
  return msg(str`${model.name} answers on this device. It can make mistakes: check what matters.`);
}
