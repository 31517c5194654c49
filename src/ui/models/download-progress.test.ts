import { afterEach, expect, test } from 'vitest';
import type { DownloadStatus } from '../../download/download-status.ts';
import { fitModel } from '../../models/fit/fit.ts';
import { button, deepText, settle } from '../testing/deep-dom.ts';
import { DEVICE, FIGURES, QWEN } from '../testing/fixture-models.ts';
import { DownloadProgress } from './download-progress.ts';

afterEach(() => document.querySelector('alcove-download')?.remove());

async function show(download: DownloadStatus & { readonly status: 'paused' }): Promise<DownloadProgress> {
  const view = new DownloadProgress();
  view.entry = { record: QWEN, fit: { status: 'unknown' }, weights: { status: 'paused', download } };
  document.body.append(view);
  await settle(view);
  return view;
}

const OFFLINE = { name: 'AlcoveError', code: 'offline', message: '', data: {} } as const;

test('what is downloaded is called safe only where something is', async () => {
  const view = await show({ status: 'paused', ...FIGURES, error: OFFLINE });
  expect(deepText(view)).toContain('What is downloaded is safe.');
  view.remove();
  expect(deepText(await show({ status: 'paused', ...FIGURES, loadedBytes: 0, error: OFFLINE }))).not.toContain('safe');
});

test('the question before a cancel offers to delete or to cancel, each in its own word', async () => {
  const view = await show({ status: 'paused', ...FIGURES });
  button(view, 'Cancel').click();
  await settle(view);
  expect(deepText(view)).toContain('Delete the 612 MB downloaded so far?');
  button(view, 'Cancel').click();
  await settle(view);
  expect(deepText(view)).not.toContain('Delete the 612 MB');
  button(view, 'Cancel').click();
  await settle(view);
  const asked: string[] = [];
  view.addEventListener('alcove-model-action', ({ action }) => asked.push(action));
  button(view, 'Delete').click();
  expect(asked).toEqual(['cancel']);
});

test('a model that is too slow here is downloaded only after a question', async () => {
  const fit = fitModel({ ...QWEN, parameterCount: 70e9 }, { ...DEVICE, isFallbackAdapter: true });
  expect(fit.status).toBe('too-slow');
  const view = new DownloadProgress();
  view.entry = { record: QWEN, fit, weights: { status: 'absent' } };
  document.body.append(view);
  await settle(view);
  const asked: string[] = [];
  view.addEventListener('alcove-model-action', ({ action }) => asked.push(action));
  button(view, 'Download · about 1.1 GB').click();
  await settle(view);
  expect(deepText(view)).toContain('Download it anyway?');
  expect(asked).toEqual([]);
  button(view, 'Download · about 1.1 GB').click();
  expect(asked).toEqual(['download']);
});
