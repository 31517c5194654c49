import { msg, str } from '@lit/localize';
import { downloadSize } from '../../models/fit/download-size.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { findModel } from '../../session/state/find-model.ts';
import type { ModelEntry, SessionState } from '../../session/state/session-state.ts';
import { formatBytes } from '../lib/format.ts';

/** `1.1 GB`, `about 1.1 GB`; undefined where the size is unknown. */
export function sizeLabel(record: ModelRecord): string | undefined {
  const size = downloadSize(record);
  if (size === undefined) return undefined;
  return size.isExact ? formatBytes(size.bytes) : msg(str`about ${formatBytes(size.bytes)}`);
}

/** Whether a model is the toy model, which comes with the site to try it. */
export function isToy(record: ModelRecord): boolean {
  return record.purpose === 'toy';
}

export function selectedEntry(state: SessionState): ModelEntry | undefined {
  return findModel(state, state.selectedModelId);
}

/** No model is stored yet, and the browser's own was not chosen: the first-run page is shown. */
export function isFirstRun(state: SessionState): boolean {
  return !state.models.some(
    ({ record, weights }) =>
      weights.status === 'closed' ||
      (weights.status === 'stored' && (record.source.kind !== 'browser' || record.id === state.selectedModelId)),
  );
}

/** The recommended model and a smaller one; none until the device is known. */
export function recommendation(state: SessionState): readonly ModelEntry[] {
  return (state.recommended ?? []).flatMap((id) => findModel(state, id) ?? []);
}

/** The recommended model; undefined until the device is known. */
export function recommendedEntry(state: SessionState): ModelEntry | undefined {
  return recommendation(state)[0];
}

/** A model's weights are stored or being downloaded. */
export function hasWeights({ record, weights }: ModelEntry): boolean {
  return weights.status !== 'absent' && record.source.kind !== 'browser';
}

/** Whether an answer in this chat is being generated in this tab, or is queued. */
export function isWrittenIn({ generation, waiting }: SessionState, chatId: string | undefined): boolean {
  if (generation.status !== 'idle' && generation.chatId === chatId) return true;
  return waiting.some((queued) => queued.chatId === chatId);
}

/** The chats in which this tab generates an answer, or has one queued. */
export function writingIds({ generation, waiting }: SessionState): string[] {
  const first = generation.status === 'idle' ? [] : [generation.chatId];
  return [...first, ...waiting.map(({ chatId }) => chatId)];
}
