import { expect, test, vi } from 'vitest';
import { textParts } from '../chat/message-parts.ts';
import { activePath } from '../chat/tree.ts';
import { Session } from './session.ts';

const TOY = 'toy-q0f32-MLC';

test('the toy is downloaded, loaded and prompted, and a second session uses the same loaded model', async () => {
  const databaseName = `test-${crypto.randomUUID()}`;
  const catalogueUrl = new URL('/catalogue.json', location.href).href;
  const session = new Session({ catalogueUrl, databaseName });
  await session.start();
  const toy = () => session.state.models.find(({ record }) => record.id === TOY);
  expect(toy()?.weights).toEqual({ status: 'absent' });

  await session.models.download(TOY);
  await vi.waitUntil(() => toy()?.weights.status === 'stored', 30_000);
  await vi.waitUntil(() => session.state.selectedModelId === TOY);
  await session.generation.send('What is the capital of France?');
  const answer = session.state.chat && activePath(session.state.chat).at(-1);
  expect(answer).toMatchObject({
    parts: textParts('The capital of France is Paris.'),
    status: 'complete',
    modelId: TOY,
  });
  expect(answer?.statistics?.decodeTokensPerSecond).toBeGreaterThan(0);

  const other = new Session({ catalogueUrl, databaseName });
  await other.start();
  const phases: string[] = [];
  other.subscribe(() => {
    if (other.state.engine.status === 'loading') phases.push(other.state.engine.progress?.phase ?? 'asked');
  });
  await other.generation.send('What is the capital of Japan?');
  expect(other.state.chat && activePath(other.state.chat).at(-1)?.parts).toEqual(
    textParts('The capital of Japan is Tokyo.'),
  );
  expect(new Set(phases)).toEqual(new Set(['asked', 'ready']));

  session.dispose();
  other.dispose();
}, 90_000);
