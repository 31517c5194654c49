import { expect, test } from 'vitest';
import { ModelActionEvent } from '../contract/events.ts';
import { FixtureSession } from '../testing/fixture-session.ts';
import { STATES } from '../testing/states.ts';
import { performModelAction } from './model-actions.ts';

test('“Start chatting” selects the model and goes into a new chat', async () => {
  const session = new FixtureSession(STATES.ready);
  expect(session.state.chat).toBeDefined();
  await performModelAction(session, new ModelActionEvent('chat', 'toy'));
  expect(session.calls).toEqual([['selectModel', 'toy'], ['newChat']]);
  expect(session.state.chat).toBeUndefined();
});
