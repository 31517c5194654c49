import { textOf } from '../../src/chat/message-parts.ts';
import { ScriptedEngine } from '../../src/engine/scripted/scripted-engine.ts';
import { Session } from '../../src/session/session.ts';
import { ChatView } from '../../src/ui/chat/chat-view.ts';
import '../../src/ui/markdown/answer-parts.ts';
import { mixedMarkdown } from './shared/mixed-markdown.ts';
import { offer } from './shared/offer.ts';
import { NOTHING_SHOWN, SCRIPTED_RECORD, type StreamOptions, type StreamOutcome } from './shared/token-stream.ts';

let session: Session | undefined;

/** The real chat view on a real session with the scripted engine. */
offer(async (options: StreamOptions): Promise<StreamOutcome> => {
  if (options.action === 'open') {
    await open(options);
    return NOTHING_SHOWN;
  }
  let clickedAt = Number.NaN;
  const onClick = (event: Event): void => {
    clickedAt = event.timeStamp;
  };
  document.addEventListener('click', onClick, { capture: true });
  await session?.generation.send('Continue');
  const stoppedMs = performance.now() - clickedAt;
  document.removeEventListener('click', onClick, { capture: true });
  const chat = session?.state.chat;
  const answer = chat?.activeLeafId === undefined ? undefined : chat.messages.get(chat.activeLeafId);
  return { shownCharacters: answer === undefined ? 0 : textOf(answer).length, stoppedMs };
});

async function open({ characters, tokensPerSecond }: StreamOptions): Promise<void> {
  session?.dispose();
  const catalogue = JSON.stringify({ version: 1, models: [SCRIPTED_RECORD] });
  const text = mixedMarkdown(characters);
  const engine = new ScriptedEngine({ script: () => text, tokensPerSecond });
  session = new Session({
    catalogueUrl: URL.createObjectURL(new Blob([catalogue])),
    databaseName: `bench-${crypto.randomUUID()}`,
    createEngine: async () => engine,
  });
  const view = new ChatView();
  view.style.cssText = 'block-size: 600px; inline-size: 800px';
  view.session = session;
  document.body.replaceChildren(view);
  await session.start();
  await session.models.load(SCRIPTED_RECORD.id);
}
