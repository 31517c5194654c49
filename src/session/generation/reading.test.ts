import { expect, test } from 'vitest';
import { ScriptedEngine } from '../../engine/scripted/scripted-engine.ts';
import { scriptedRecord } from '../../models/testing/made-up.ts';
import { Session } from '../session.ts';

test('what is read of a long prompt is in the state until the first text', async () => {
  // Four steps of 500 ms.
  const engine = new ScriptedEngine({ promptTokensPerSecond: 4 });
  const catalogueUrl = URL.createObjectURL(new Blob([JSON.stringify({ version: 1, models: [scriptedRecord()] })]));
  const databaseName = `test-${crypto.randomUUID()}`;
  const session = new Session({ catalogueUrl, databaseName, createEngine: async () => engine });
  await session.start();
  const shown: unknown[] = [];
  session.subscribe(() => {
    const { generation } = session.state;
    if ('reading' in generation) shown.push(generation.reading);
  });
  await session.generation.send('one two three four five six seven eight');
  expect(shown).toContainEqual({ type: 'reading-progress', readTokens: 6, totalTokens: 8 });
  expect(shown.at(-1)).toBeUndefined();
  session.dispose();
});
