import { ChatView } from '../chat/chat-view.ts';
import { settle } from './deep-dom.ts';
import type { FixtureSession } from './fixture-session.ts';

/** Puts a chat of the window's height on the page; the test removes it. */
export async function showChat(session: FixtureSession): Promise<ChatView> {
  const view = new ChatView();
  view.style.blockSize = '600px';
  view.session = session;
  document.body.append(view);
  await settle(view);
  return view;
}
