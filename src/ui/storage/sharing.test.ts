import { afterEach, expect, onTestFinished, test } from 'vitest';
import { CrossOriginStorageDouble } from '../../storage/testing/cross-origin-storage-double.ts';
import { offersModels, setOffersModels } from '../../storage/weights/cross-origin-storage.ts';
import { deepText, settle } from '../testing/deep-dom.ts';
import { STATES } from '../testing/states.ts';
import { StorageView } from './storage-view.ts';

afterEach(() => document.querySelector('alcove-storage')?.remove());

async function show(): Promise<StorageView> {
  const view = new StorageView();
  view.state = STATES.ready;
  document.body.append(view);
  await settle(view);
  return view;
}

test('models are offered to other sites only by a switch that says what follows, where the browser can', async () => {
  onTestFinished(() => setOffersModels(false));
  expect(deepText(await show())).not.toContain('Shared with other sites');
  document.querySelector('alcove-storage')?.remove();

  new CrossOriginStorageDouble();
  const view = await show();
  expect(deepText(view)).toContain('can find out that you have these models');
  const box = view.renderRoot.querySelector<HTMLInputElement>('.sharing input');
  expect([box?.checked, offersModels()]).toEqual([false, false]);
  box?.click();
  expect(offersModels()).toBe(true);
  box?.click();
  expect(offersModels()).toBe(false);
});
