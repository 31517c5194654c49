import { expect, onTestFinished, test, vi } from 'vitest';
import { SilenceWatch } from './silence-watch.ts';

test('a page that was frozen reads what has come meanwhile before its server counts as silent', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const onSilence = vi.fn();
  const watch = new SilenceWatch(1_000, onSilence);
  // A page that continues runs one timer that is due, and then reads.
  vi.advanceTimersToNextTimer();
  expect(onSilence).not.toHaveBeenCalled();
  watch.heard();
  vi.advanceTimersByTime(999);
  expect(onSilence).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onSilence).toHaveBeenCalledOnce();
});
