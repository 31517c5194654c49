import { msg, str } from '@lit/localize';
import { projectOf } from '../../chat/project.ts';
import { toAlcoveError } from '../../platform/errors.ts';
import { formatProjectHash, type ProjectActionEvent } from '../contract/project-events.ts';
import type { SessionLike } from '../contract/session-like.ts';
import { describeError } from '../errors/error-messages.ts';
import { loadErrorMessages } from '../errors/error-messages-controller.ts';
import { DeleteProjectDialog } from './delete-project-dialog.ts';

export interface ProjectHost {
  readonly session: SessionLike | undefined;
  readonly renderRoot: DocumentFragment | HTMLElement;
  /** Shows an empty chat, which will belong to a project. */
  newChatIn(projectId: string): void;
  toComposer(): void;
  openPage(hash: string): void;
  say(message: string): void;
}

/** Performs what the user asks for. An error is said, and changes nothing. */
export async function performProjectAction(host: ProjectHost, event: ProjectActionEvent): Promise<void> {
  try {
    await perform(host, event);
  } catch (error) {
    await loadErrorMessages();
    host.say(describeError(toAlcoveError(error)).title);
  }
}

async function perform(host: ProjectHost, { action, projectId, value }: ProjectActionEvent): Promise<void> {
  const { session } = host;
  if (session === undefined) return;
  const { projects } = session.chats;
  switch (action) {
    case 'new':
      host.openPage(formatProjectHash((await projects.create(msg('New project'))).id));
      return;
    case 'open':
      host.openPage(formatProjectHash(projectId));
      return;
    case 'new-chat':
      host.newChatIn(projectId);
      return;
    case 'rename':
      await projects.change(projectId, { name: value });
      return;
    case 'delete':
      await deleteProject(host, session, projectId);
  }
}

async function deleteProject(host: ProjectHost, session: SessionLike, projectId: string): Promise<void> {
  const project = projectOf(session.state.projects, projectId);
  if (project === undefined) return;
  const chats = session.state.chats.filter((chat) => chat.projectId === projectId);
  const dialog = new DeleteProjectDialog();
  dialog.name = project.name;
  dialog.chatCount = chats.length;
  host.renderRoot.append(dialog);
  const choice = await dialog.ask();
  if (choice === undefined) return;
  if (choice.withChats) for (const { id } of chats) await session.chats.delete(id);
  await session.chats.projects.delete(projectId);
  if (location.hash === formatProjectHash(projectId)) host.toComposer();
  host.say(msg(str`The project “${project.name}” was deleted.`));
}
