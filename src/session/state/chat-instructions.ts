import type { Conversation } from '../../chat/conversation.ts';
import type { Project } from '../../chat/project.ts';
import type { SessionState } from './session-state.ts';

type Sources = Pick<SessionState, 'preferences' | 'projects' | 'newChatProjectId'>;

/** The project of a chat. @param chat undefined for the chat that the next message starts */
export function projectOfChat(state: Sources, chat: Conversation | undefined): Project | undefined {
  const projectId = chat === undefined ? state.newChatProjectId : chat.projectId;
  return state.projects?.find(({ id }) => id === projectId);
}

/** What comes before the system prompt of a chat: the instructions of the page, then those of the chat's project. */
export function chatInstructions(state: Sources, chat: Conversation | undefined): string {
  const all = [state.preferences?.instructions, projectOfChat(state, chat)?.instructions];
  return all.filter(Boolean).join('\n\n');
}
