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

/** The user has turned a voice control on or off in the app's settings. */
export class VoiceChangeEvent extends Event {
  static readonly eventName = 'alcove-voice-change';
  readonly voice: VoiceControls;

  constructor(voice: VoiceControls) {
    super(VoiceChangeEvent.eventName, { bubbles: true, composed: true });
    this.voice = voice;
  }
}

declare global {
  interface HTMLElementEventMap {
    'alcove-voice-change': VoiceChangeEvent;
  }
}
