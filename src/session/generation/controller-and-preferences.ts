/** What answers wait for, as one script: apart, each would be a request of its own. */
export { ChatController } from './chat-controller.ts';
export { Preferences } from './preferences.ts';
