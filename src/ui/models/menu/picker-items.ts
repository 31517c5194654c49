import { msg } from '@lit/localize';
import { fold, searchWords } from '../../../models/catalogue/browse.ts';
import type { ModelEntry, SessionState } from '../../../session/state/session-state.ts';
import { sizeLabel } from '../model-labels.ts';
import { byServer } from '../server-labels.ts';

/** A choice in the menu of models. */
export interface PickerItem {
  readonly label: string;
  /** Beside the label: the size, or what has to be done first. */
  readonly detail: string;
  readonly icon: string;
  readonly isSelected: boolean;
  readonly act: () => void;
}

export interface PickerSection {
  /** Empty for the last one, of what is no model. */
  readonly title: string;
  readonly items: readonly PickerItem[];
}

export interface PickerActs {
  readonly select: (modelId: string) => void;
  /** Opens the file of a model that the browser has closed. */
  readonly reopen: (modelId: string) => void;
  readonly compare: () => void;
  readonly showAll: () => void;
  /** Undefined where no file can be opened. */
  readonly openFile: (() => void) | undefined;
}

/** The models that can answer now, by where they are, and the ways to others. @param text by which they are searched */
export function pickerSections(state: SessionState, text: string, acts: PickerActs): readonly PickerSection[] {
  const words = searchWords(text);
  const isFound = ({ record }: ModelEntry): boolean => {
    const searched = fold(`${record.name} ${record.maker} ${record.family}`);
    return words.every((word) => searched.includes(word));
  };
  const item = (entry: ModelEntry): PickerItem => modelItem(entry, state.selectedModelId, acts);
  const usable = state.models.filter(isUsable).filter(isFound);
  const onDevice = usable.filter(
    ({ record: { source } }) => source.kind !== 'custom-server' && source.kind !== 'browser',
  );
  const inBrowser = usable.filter(({ record: { source } }) => source.kind === 'browser');
  const ways: PickerItem[] = [
    ...(acts.openFile === undefined ? [] : [way(msg('Open a file…'), 'hard-drive', acts.openFile)]),
    ...(usable.filter(canAnswer).length < 2 ? [] : [way(msg('Compare models…'), 'panel', acts.compare)]),
    way(msg('All models…'), 'library', acts.showAll),
  ];
  const sections = [
    { title: msg('On this device'), items: onDevice.map(item) },
    ...byServer(usable).map(([title, entries]) => ({ title, items: entries.map(item) })),
    { title: msg('With this browser'), items: inBrowser.map(item) },
    { title: '', items: ways },
  ];
  return sections.filter(({ items }) => items.length > 0);
}

/** Whether a model can answer now, without a download or a question. */
export function canAnswer({ weights, fit }: ModelEntry): boolean {
  return weights.status === 'stored' && fit.status !== 'cannot-run';
}

function isUsable(entry: ModelEntry): boolean {
  return entry.weights.status === 'closed' || canAnswer(entry);
}

function modelItem({ record, weights }: ModelEntry, selectedId: string | undefined, acts: PickerActs): PickerItem {
  const isSelected = record.id === selectedId;
  const isClosed = weights.status === 'closed';
  return {
    label: record.name,
    detail: isClosed ? msg('Open it again') : (sizeLabel(record) ?? ''),
    icon: isSelected ? 'check' : '',
    isSelected,
    act: () => (isClosed ? acts.reopen(record.id) : acts.select(record.id)),
  };
}

function way(label: string, icon: string, act: () => void): PickerItem {
  return { label, detail: '', icon, isSelected: false, act };
}
