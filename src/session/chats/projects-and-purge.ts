/** What the chats need once they are shown, as one script: apart, each would be a request of its own. */
export { MessagePurge } from './message-purge.ts';
export { Projects } from './projects.ts';
