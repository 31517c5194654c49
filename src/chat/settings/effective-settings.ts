import type { ChatSettings, SamplingSettings } from './chat-settings.ts';
import type { Persona } from './persona.ts';

/**
 * The settings that apply in a chat: its own, else those for all chats. Each sampling parameter is chosen by itself.
 * @param instructions of the page that shows the chat and of the chat's project; they come before the system prompt
 */
export function effectiveSettings(
  forAll: ChatSettings,
  own: ChatSettings | undefined,
  instructions: string = '',
): ChatSettings {
  const sampling = { ...forAll.sampling, ...own?.sampling };
  // A persona names the system prompt that it came with, so the two are taken from the same level.
  const spoken = own?.systemPrompt === undefined ? forAll : own;
  const { personaId, modelId, thinking, contextPolicy, ...set } = { ...forAll, ...own };
  const systemPrompt =
    instructions === '' ? set.systemPrompt : [instructions, set.systemPrompt ?? ''].join('\n\n').trim();
  return {
    ...(modelId !== undefined && { modelId }),
    ...(systemPrompt !== undefined && { systemPrompt }),
    ...(personaId !== undefined && spoken.personaId !== undefined && { personaId: spoken.personaId }),
    ...(Object.keys(sampling).length > 0 && { sampling }),
    ...(thinking !== undefined && { thinking }),
    ...(contextPolicy !== undefined && { contextPolicy }),
  };
}

/** Sets members. One that is `undefined` is removed, so that the next level applies. */
export function withSettings(
  settings: ChatSettings,
  change: { readonly [Name in keyof ChatSettings]?: ChatSettings[Name] | undefined },
): ChatSettings {
  return withoutUndefined({ ...settings, ...change });
}

/** Takes over the system prompt and the sampling of a persona; without one, the next level applies again. */
export function withPersona(settings: ChatSettings, persona: Persona | undefined): ChatSettings {
  return withSettings(settings, {
    personaId: persona?.id,
    systemPrompt: persona?.systemPrompt,
    ...(persona?.sampling !== undefined && { sampling: { ...settings.sampling, ...persona.sampling } }),
  });
}

export function withSampling(
  settings: ChatSettings,
  change: { readonly [Name in keyof SamplingSettings]?: SamplingSettings[Name] | undefined },
): ChatSettings {
  const sampling = withoutUndefined({ ...settings.sampling, ...change });
  return withSettings(settings, { sampling: Object.keys(sampling).length === 0 ? undefined : sampling });
}

/** What an engine supports of the settings; the engine's `Capabilities` has these members. */
export interface SettingsSupport {
  readonly sampling: readonly string[];
  readonly thinkingSwitch: boolean;
  readonly samplingDefaults?: SamplingSettings;
}

/** The settings that an engine supports, and the names of those that it does not. */
export interface AppliedSettings {
  readonly sampling: SamplingSettings;
  readonly thinking: boolean | undefined;
  readonly leftOut: readonly (keyof SamplingSettings | 'thinking')[];
}

export function applySettings(settings: ChatSettings, support: SettingsSupport): AppliedSettings {
  const entries = Object.entries(settings.sampling ?? {}) as [keyof SamplingSettings, unknown][];
  const sampling = Object.fromEntries(entries.filter(([name]) => support.sampling.includes(name)));
  const leftOut: (keyof SamplingSettings | 'thinking')[] = entries.flatMap(([name]) =>
    support.sampling.includes(name) ? [] : [name],
  );
  const canSwitch = settings.thinking === undefined || support.thinkingSwitch;
  return {
    sampling,
    thinking: canSwitch ? settings.thinking : undefined,
    leftOut: canSwitch ? leftOut : [...leftOut, 'thinking'],
  };
}

type Optional<Value> = { readonly [Name in keyof Value]: Value[Name] | undefined };

function withoutUndefined<Value extends object>(value: Optional<Value>): Value {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Value;
}
