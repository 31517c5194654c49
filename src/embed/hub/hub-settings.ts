import { checkProperty, listOf, wordOf } from '../check-properties.ts';
import { historyScope } from '../history-scope.ts';
import { readPageText } from '../page-text.ts';
import type { AlcoveChatProperties } from '../public-types.ts';
import type { HubSettings } from './hub-protocol.ts';

/** The database of the default history, whose name the hub replaces by one for the page's origin. */
const SCOPE = /^[^:]*:/;

/** What a page sets on its element, for the hub: no function, no address, and of the page's text what it says is for the model. */
export function hubSettings(chat: Readonly<AlcoveChatProperties> & HTMLElement, canClose: boolean): HubSettings {
  const { history, contextSelector, attachments, autoLoad, disabled, readonly } = chat;
  const isValid = checkProperty('contextSelector', contextSelector) === undefined;
  const context = readPageText({ text: chat.context ?? '', selector: isValid ? (contextSelector ?? '') : '', chat });
  const lang = chat.closest<HTMLElement>('[lang]')?.lang || document.documentElement.lang;
  const texts = {
    model: chat.model,
    engine: wordOf('engine', chat.engine),
    instructions: chat.instructions,
    context,
    heading: chat.heading,
    greeting: chat.greeting,
    placeholder: chat.placeholder,
    enterKey: wordOf('enterKey', chat.enterKey),
    history:
      history === 'none' ? 'none' : historyScope(history || undefined, undefined).chatDatabaseName?.replace(SCOPE, ''),
    storage: wordOf('storage', chat.storage),
    lang,
  };
  const lists = { models: listOf(chat.models), starters: listOf(chat.starters) };
  const set = Object.entries({ ...texts, ...lists }).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  );
  return {
    ...Object.fromEntries(set),
    attachments: attachments === true,
    autoLoad: autoLoad === true,
    disabled: disabled === true,
    readonly: readonly === true,
    canClose,
  };
}
