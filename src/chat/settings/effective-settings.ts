import type { ChatSettings, SamplingSettings } from './chat-settings.ts';

/** The settings that hold in a chat: its own, over those for all chats. Sampling is taken value by value. */
export function effectiveSettings(forAll: ChatSettings, own: ChatSettings | undefined): ChatSettings {
  const sampling = { ...forAll.sampling, ...own?.sampling };
  // The persona names the system prompt it came with: the two go together.
  const spoken = own?.systemPrompt === undefined ? forAll : own;
  const { personaId, systemPrompt, modelId, thinking, contextPolicy } = { ...forAll, ...own };
  return {
    ...(modelId !== undefined && { modelId }),
    ...(systemPrompt !== undefined && { systemPrompt }),
    ...(personaId !== undefined && spoken.personaId !== undefined && { personaId: spoken.personaId }),
    ...(Object.keys(sampling).length > 0 && { sampling }),
    ...(thinking !== undefined && { thinking }),
    ...(contextPolicy !== undefined && { contextPolicy }),
  };
}

/** Sets members; one that is `undefined` goes back to the level above. */
export function withSettings(
  settings: ChatSettings,
  change: { readonly [Name in keyof ChatSettings]?: ChatSettings[Name] | undefined },
): ChatSettings {
  return withoutUndefined({ ...settings, ...change });
}

export function withSampling(
  settings: ChatSettings,
  change: { readonly [Name in keyof SamplingSettings]?: SamplingSettings[Name] | undefined },
): ChatSettings {
  const sampling = withoutUndefined({ ...settings.sampling, ...change });
  return withSettings(settings, { sampling: Object.keys(sampling).length === 0 ? undefined : sampling });
}

/** What an engine can do about settings; src/engine's Capabilities is one. */
export interface SettingsSupport {
  readonly sampling: readonly string[];
  readonly thinkingSwitch: boolean;
}

/** The settings as an engine takes them, and the names of those that it has no use for. */
export interface AppliedSettings {
  readonly sampling: SamplingSettings;
  readonly thinking: boolean | undefined;
  readonly leftOut: readonly (keyof SamplingSettings | 'thinking')[];
}

/** Parts what an engine can follow from what it cannot: the second is shown, and not sent. */
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
