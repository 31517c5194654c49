export type ProjectAction = 'new' | 'open' | 'new-chat' | 'rename' | 'delete';

/** The user asks for an action on a project. The app performs it. */
export class ProjectActionEvent extends Event {
  static readonly eventName = 'alcove-project-action';
  readonly action: ProjectAction;
  /** Empty for `new`. */
  readonly projectId: string;
  /** For `rename`, the new name. */
  readonly value: string;

  constructor(action: ProjectAction, projectId = '', value = '') {
    super(ProjectActionEvent.eventName, { bubbles: true, composed: true });
    this.action = action;
    this.projectId = projectId;
    this.value = value;
  }
}

const PROJECT = '#/project/';

/** The hash of a project's page. */
export function formatProjectHash(projectId: string): string {
  return PROJECT + encodeURIComponent(projectId);
}

declare global {
  interface HTMLElementEventMap {
    'alcove-project-action': ProjectActionEvent;
  }
}
