import { expect, test } from 'vitest';
import type { Engine, EngineNotice } from '../engine.ts';
import { drain, failure, never, textOf, within } from './calls.ts';
import {
  CAPITAL,
  CAPITAL_ANSWER,
  type EngineHarness,
  expectLoadFirst,
  NOTICE_MS,
  STORY,
  STORY_START,
} from './engine-harness.ts';

/** One that hangs is noticed after 3 s of silence in every harness. */
const HANG_NOTICE_MS = 3_000 + NOTICE_MS;

/** The part of the contract about calls whose worker or device is lost. */
export function testLosses(harness: EngineHarness, engine: () => Engine): void {
  const expectReload = async (reloading: Engine) => {
    const events = await drain(reloading.generate({ model: harness.model, ...CAPITAL }, never()));
    expectLoadFirst(events, harness);
    expect(textOf(events)).toBe(CAPITAL_ANSWER);
  };
  const load = () => drain(engine().load({ model: harness.model }, never()));

  const losses = [
    { what: 'a worker that dies', code: 'engine-crashed', strike: harness.kill },
    { what: 'a worker that hangs', code: 'engine-hung', strike: harness.hang },
    { what: 'a lost device', code: 'device-lost', strike: harness.loseDevice },
  ] as const;
  for (const { what, code, strike } of losses) {
    if (strike === undefined) continue;

    test(`${what} ends the answer with ${code}, keeps its text, and the next answer loads by itself`, async () => {
      await load();
      let text = '';
      let struckAt = Number.POSITIVE_INFINITY;
      const error = await failure(engine().generate({ model: harness.model, ...STORY }, never()), (event) => {
        if (event.type === 'text-delta') text += event.text;
        if (text.length <= 20 || struckAt !== Number.POSITIVE_INFINITY) return;
        struckAt = performance.now();
        strike(engine());
      });
      expect(performance.now() - struckAt).toBeLessThan(strike === harness.hang ? HANG_NOTICE_MS : NOTICE_MS);
      expect(error).toMatchObject({ code });
      expect(text).toMatch(STORY_START);
      await expectReload(engine());
    });

    // A hang shows only when something is asked: while idle nothing waits for the worker.
    if (strike === harness.hang) continue;

    test(`${what} while idle is noticed, and the next answer loads by itself`, async () => {
      await load();
      const lost = Promise.withResolvers<EngineNotice>();
      const stop = engine().subscribe(lost.resolve);
      strike(engine());
      expect(await within(NOTICE_MS, lost.promise)).toMatchObject({ type: 'lost', error: { code } });
      stop();
      await expectReload(engine());
    });

    test(`the next answer after ${what} and an unload starts with a load`, async () => {
      await load();
      const lost = Promise.withResolvers<EngineNotice>();
      const stop = engine().subscribe(lost.resolve);
      strike(engine());
      await within(NOTICE_MS, lost.promise);
      stop();
      await within(NOTICE_MS, engine().unload());
      await expectReload(engine());
    });
  }
}
