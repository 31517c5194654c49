import type { AlcoveChatEventMap } from './events.ts';

type AlcoveEventName = Extract<keyof HTMLElementEventMap, `alcove-${string}`>;

type InternalEventName = Exclude<AlcoveEventName, keyof AlcoveChatEventMap>;

/**
 * The events that the views inside `<alcove-chat>` send to each other. The compiler asks for each one that is declared;
 * some are declared by pages of the app that the package does not contain.
 */
export const INTERNAL_EVENTS: Readonly<Record<InternalEventName, true> & Record<string, true>> = {
  'alcove-appearance-change': true,
  'alcove-before-send': true,
  'alcove-chat-action': true,
  'alcove-checkpoint-select': true,
  'alcove-compact': true,
  'alcove-composer-send': true,
  'alcove-composer-stop': true,
  'alcove-confirm': true,
  'alcove-dictated': true,
  'alcove-edit-end': true,
  'alcove-find-match': true,
  'alcove-message-action': true,
  'alcove-model-action': true,
  'alcove-model-review': true,
  'alcove-models-place': true,
  'alcove-next-step': true,
  'alcove-panel': true,
  'alcove-panel-change': true,
  'alcove-paste-rejected': true,
  'alcove-persona-select': true,
  'alcove-place-change': true,
  'alcove-project-action': true,
  'alcove-queue-action': true,
  'alcove-sampling-number-change': true,
  'alcove-settings-change': true,
  'alcove-starter': true,
  'alcove-text-rendered': true,
  'alcove-toast-action': true,
  'alcove-toast-end': true,
  'alcove-tool-answer': true,
  'alcove-user-messages-request': true,
};

/** Stops the internal events of the views inside `root`, so that the host page does not receive them. */
export function containInternalEvents(root: EventTarget): void {
  for (const name of Object.keys(INTERNAL_EVENTS)) root.addEventListener(name, (event) => event.stopPropagation());
}
