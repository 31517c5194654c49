import { expect, test } from 'vitest';
import { MessageLocks } from './message-locks.ts';

test('a tab does not take its own answer for one of another tab, also before the browser has granted or released the lock', async () => {
  const scope = crypto.randomUUID();
  const [here, elsewhere] = [new MessageLocks(scope), new MessageLocks(scope)];
  const release = here.hold('answer');
  release();
  expect(await here.isAnyHeldElsewhere()).toBe(false);

  const end = elsewhere.hold('other answer');
  await expect.poll(() => here.isAnyHeldElsewhere()).toBe(true);
  expect(await elsewhere.isAnyHeldElsewhere()).toBe(false);
  end();
  await expect.poll(() => here.isAnyHeldElsewhere()).toBe(false);
});
