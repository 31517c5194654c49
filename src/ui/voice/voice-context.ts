import { createContext } from '@lit/context';

/** The voice controls that a chat shows. Each needs a browser that reads or recognises speech on the device. */
export interface VoiceControls {
  readonly readAloud: boolean;
  readonly dictation: boolean;
}

/** Without a provider the chat shows no voice controls. */
export const NO_VOICE_CONTROLS: VoiceControls = { readAloud: false, dictation: false };

/** Provided by `<alcove-chat>`, so that the chat reads no setting of the page that embeds it. */
export const voiceContext = createContext<VoiceControls>(Symbol('alcove-voice'));
