import { msg, str } from '@lit/localize';
import { withPersona } from '../../chat/settings/effective-settings.ts';
import { findModel } from '../../session/state/find-model.ts';
import { MODELS_HASH } from '../contract/models-address.ts';
import type { SessionLike } from '../contract/session-like.ts';
import { builtInPersonas } from '../settings/built-in-personas.ts';

/** Characters of a message that a link may bring; more is cut off. */
const MOST_CHARACTERS = 8_000;

interface LinkHost {
  readonly session: SessionLike | undefined;
  /** Puts text into the message field, below what the user has typed. */
  fill(text: string): void;
  say(message: string): void;
  openPage(hash: string): void;
}

/**
 * Does what a link to the app asks for, once: `?q=` fills the message field, `?model=` and `?persona=` choose by id or name.
 * Nothing is sent or downloaded by itself.
 */
export async function startFromLink(host: LinkHost): Promise<void> {
  const { session } = host;
  const parameters = new URLSearchParams(location.search);
  const [text, model, persona] = ['q', 'model', 'persona'].map((name) => {
    const value = parameters.get(name) ?? '';
    parameters.delete(name);
    return value;
  });
  const rest = parameters.size === 0 ? '' : `?${parameters}`;
  history.replaceState(history.state, '', location.pathname + rest + location.hash);
  if (session === undefined) return;
  if (model) chooseModel(host, session, model);
  if (persona) await choosePersona(host, session, persona);
  if (text) host.fill(text.slice(0, MOST_CHARACTERS));
}

function chooseModel(host: LinkHost, session: SessionLike, named: string): void {
  const { state } = session;
  const entry = findModel(state, named) ?? state.models.find(({ record }) => record.name === named);
  if (entry?.weights.status === 'stored') session.models.select(entry.record.id);
  else {
    host.say(msg(str`The link asks for the model “${named}”, which is not on this device.`));
    host.openPage(MODELS_HASH);
  }
}

async function choosePersona(host: LinkHost, session: SessionLike, named: string): Promise<void> {
  const { personas } = await session.settings.read();
  const persona = [...personas, ...builtInPersonas()].find(({ id, name }) => id === named || name === named);
  const { chat, preferences } = session.state;
  if (persona === undefined) host.say(msg(str`The link asks for the persona “${named}”, which is not on this device.`));
  else {
    const settings = chat === undefined ? (preferences?.forNext ?? {}) : (chat.settings ?? {});
    await session.settings.setForChat(chat, withPersona(settings, persona));
  }
}
