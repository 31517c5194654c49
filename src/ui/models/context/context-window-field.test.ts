import { afterEach, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import type { ModelRecord } from '../../../models/model-record.ts';
import type { ModelActionEvent } from '../../contract/events.ts';
import { DEVICE, entry, QWEN } from '../../testing/fixture-models.ts';
import { ContextWindowField } from './context-window-field.ts';

afterEach(() => document.querySelector('alcove-context-window-field')?.remove());

async function show(change: Partial<ModelRecord> = {}, loaded = false) {
  const field = new ContextWindowField();
  field.entry = entry({ ...QWEN, ...change });
  field.device = DEVICE;
  field.loaded = loaded;
  const chosen: unknown[] = [];
  field.addEventListener('alcove-model-action', ({ action, modelId, details }: ModelActionEvent) => {
    chosen.push([action, modelId, details.contextWindow]);
  });
  document.body.append(field);
  await field.updateComplete;
  return { field, chosen, slider: field.renderRoot.querySelector('input') };
}

function text(field: ContextWindowField): string {
  return (field.renderRoot.textContent ?? '').replace(/\s+/g, ' ');
}

test('while the slider is moved by keys it shows the window, its memory and whether that fits', async () => {
  const { field, chosen, slider } = await show();
  if (slider === null) throw new Error('no slider');
  expect(slider.ariaLabel).toBe('Context window');
  expect(text(field)).toContain('4K · 2.4 GB of memory');
  expect(text(field)).toContain('Fits, with little memory to spare');
  slider.focus();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}');
  await field.updateComplete;
  expect(text(field)).toContain('8K · 2.4 GB of memory');
  expect(slider.ariaValueText ?? slider.getAttribute('aria-valuetext')).toContain('8,192 tokens, 2.4 GB of memory');
  expect(chosen.at(-1)).toEqual(['set-context-window', 'qwen', 8_192]);
  await userEvent.keyboard('{End}');
  await field.updateComplete;
  expect(chosen.at(-1)).toEqual(['set-context-window', 'qwen', 262_144]);
  expect(text(field)).toMatch(/256K · 5\.5 GB of memory.*May not fit: only 3 GB are sure to be available/);
});

test('what cannot be chosen is not on the slider, and the reason is said', async () => {
  const memory = { layers: 24, kvLayers: 24, kvHeads: 16, headSize: 256 };
  expect(text((await show()).field)).toContain('trained for at most 256K');
  const large = await show({ memory, vramBytes: 4e9, sizeBytes: 1e9, contextWindow: 4_096 });
  expect(text(large.field)).toMatch(/trained for 256K, but this device has memory for \d+K at most/);
  const { memory: _, ...unknown } = QWEN;
  const fixed = new ContextWindowField();
  fixed.entry = entry(unknown);
  fixed.device = DEVICE;
  document.body.append(fixed);
  await fixed.updateComplete;
  expect(fixed.renderRoot.querySelector('input')).toBeNull();
  expect(text(fixed)).toContain('cannot be changed');
  fixed.remove();
});

test('a model that is loaded is said to be loaded again, and another window than the default can be undone', async () => {
  expect(text((await show()).field)).not.toContain('loaded again');
  const { field, chosen } = await show({}, true);
  expect(text(field)).toContain('loaded again');
  expect(field.renderRoot.querySelector('button')).toBeNull();
  const { entry: shown } = field;
  if (shown === undefined || !('estimate' in shown.fit)) throw new Error('it runs here');
  const estimate = { ...shown.fit.estimate, contextWindow: 2_048 };
  field.entry = { ...shown, fit: { ...shown.fit, estimate } };
  await field.updateComplete;
  const button = field.renderRoot.querySelector('button');
  expect(button?.textContent).toContain('Use the default: 4K');
  button?.click();
  expect(chosen).toEqual([['set-context-window', 'qwen', undefined]]);
});
