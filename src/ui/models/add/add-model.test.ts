import { afterEach, expect, test } from 'vitest';
import { FaultHost } from '../../../download/testing/fault-host.ts';
import { deepQuery, deepText, settle } from '../../testing/deep-dom.ts';
import { FixtureSession } from '../../testing/fixture-session.ts';
import { STATES } from '../../testing/states.ts';
import { AddModel } from './add-model.ts';

const HASH = '#add=from:';

afterEach(() => {
  for (const view of document.querySelectorAll('alcove-add-model')) view.remove();
  history.replaceState(null, '', location.pathname + location.search);
});

const host = new FaultHost();

function addressOf(name: string): string {
  return host.url({ path: `${name}.gguf`, size: 5_000, seed: 1 });
}

async function show(shared: string): Promise<AddModel> {
  const view = new AddModel();
  view.session = new FixtureSession(STATES.empty);
  view.shared = shared;
  document.body.append(view);
  await settle(view);
  return view;
}

function field(view: AddModel): HTMLInputElement {
  const input = deepQuery(view, 'input[name="from"]');
  if (!(input instanceof HTMLInputElement)) throw new Error('no field');
  return input;
}

async function lookUp(view: AddModel, address: string): Promise<void> {
  const input = field(view);
  input.value = address;
  input.form?.requestSubmit();
  await expect.poll(() => deepText(view)).toContain('This is not a GGUF file');
}

async function asked(): Promise<readonly string[]> {
  return [...new Set((await host.requests()).map(({ path }) => path))];
}

test('an address in the hash fills the field, and is asked only when the user looks it up', async () => {
  const [outside, typed] = [addressOf('outside'), addressOf('typed')];
  const view = await show(`from:${encodeURIComponent(outside)}`);
  expect(field(view).value).toBe(outside);
  await lookUp(view, typed);
  expect(await asked()).toEqual(['typed.gguf']);
  await lookUp(view, outside);
  await expect.poll(asked).toEqual(['typed.gguf', 'outside.gguf']);
});

test('a lookup continues once after the reload that allowing its host takes', async () => {
  const address = addressOf('allowed');
  history.replaceState({ lookUp: address }, '', `${HASH}${encodeURIComponent(address)}`);
  const view = await show(`from:${encodeURIComponent(address)}`);
  await expect.poll(() => deepText(view)).toContain('This is not a GGUF file');
  expect(history.state).toBeNull();
});
