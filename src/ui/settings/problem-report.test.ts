import { expect, test } from 'vitest';
import { INITIAL_STATE } from '../../session/state/session-state.ts';
import { STATES } from '../testing/states.ts';
import { problemReport } from './problem-report.ts';

test('a report for a problem has versions and the device, and nothing of the chats', () => {
  const report = problemReport(STATES.ready, '1.2.3');
  expect(report).toContain('Alcove: 1.2.3\n');
  expect(report).toContain(`Browser: ${navigator.userAgent}`);
  expect(report).toMatch(/WebGPU: available/);
  expect(report).toMatch(/Cores: \d+/);
  for (const { title } of STATES.ready.chats) expect(report).not.toContain(title);
});

test('what is not known is not in it', () => {
  expect(problemReport(INITIAL_STATE, '1.2.3')).not.toMatch(/undefined|NaN|Cores/);
});
