import { Session } from '../../src/app/session.ts';
import { ChatView } from '../../src/ui/chat-view.ts';
import '../../src/ui/markdown/markdown-view.ts';
import { offer } from './shared/offer.ts';
import { SCRIPTED_RECORD, type StreamOptions, scriptedEngine } from './shared/token-stream.ts';

if (customElements.get('alcove-chat-view') === undefined) customElements.define('alcove-chat-view', ChatView);

/** The real chat view on a real session; only the engine is the scripted one. */
offer(async (options: StreamOptions) => {
  const catalogue = JSON.stringify({ version: 1, models: [SCRIPTED_RECORD] });
  const engine = scriptedEngine(options);
  const session = new Session({
    catalogueUrl: URL.createObjectURL(new Blob([catalogue])),
    databaseName: `bench-${crypto.randomUUID()}`,
    createEngine: async () => engine,
  });
  const view = new ChatView();
  view.style.cssText = 'block-size: 600px; inline-size: 800px';
  view.session = session;
  document.body.append(view);
  await session.start();
  await session.send('Go on');
  const { chat } = session.state;
  const answer = chat?.activeLeafId === undefined ? undefined : chat.messages.get(chat.activeLeafId);
  return { shownCharacters: answer?.text.length ?? 0 };
});
