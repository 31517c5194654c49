import { afterEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Message } from '../../../chat/conversation.ts';
import { otherParts } from '../../../chat/message-parts.ts';
import { activePath } from '../../../chat/tree.ts';
import { ScriptedEngine } from '../../../engine/scripted/scripted-engine.ts';
import type { ModelRecord } from '../../../models/model-record.ts';
import { scriptedRecord } from '../../../models/testing/made-up.ts';
import { AlcoveError } from '../../../platform/errors.ts';
import { Session } from '../../../session/session.ts';
import type { ModelEntry } from '../../../session/state/session-state.ts';
import { button, deepQuery, deepQueryAll, deepText, settle } from '../../testing/deep-dom.ts';
import { STORED } from '../../testing/fixture-models.ts';
import { FixtureSession } from '../../testing/fixture-session.ts';
import { STATES, type StateName } from '../../testing/states.ts';
import { ChatView } from '../chat-view.ts';

const cleanUps: (() => void)[] = [];

afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).reverse()) cleanUp();
});

async function show<Shown extends Session | FixtureSession>(
  session: Shown,
): Promise<{ view: ChatView; session: Shown }> {
  const view = new ChatView();
  view.style.blockSize = '600px';
  view.options = { hasAttachments: true };
  view.session = session;
  document.body.append(view);
  cleanUps.push(() => view.remove());
  await expect.poll(() => attached(view, 'button').length).toBeGreaterThan(0);
  return { view, session };
}

/** A visit with real storage; the next one with the same name finds what this one has stored. */
async function visit(databaseName = `test-${crypto.randomUUID()}`) {
  const session = new Session({
    catalogueUrl: URL.createObjectURL(new Blob([JSON.stringify({ version: 1, models: [scriptedRecord()] })])),
    databaseName,
    keepsDrafts: true,
    createEngine: async () => new ScriptedEngine(),
  });
  cleanUps.push(() => session.dispose());
  await session.start();
  return { ...(await show(session)), databaseName };
}

const fixture = (name: StateName = 'ready') => show(new FixtureSession(STATES[name]));

function note(text: string, name: string): File {
  return new File([text], name, { type: 'text/plain' });
}

async function picture(name = 'moon.png'): Promise<File> {
  const canvas = new OffscreenCanvas(20, 10);
  canvas.getContext('2d')?.fillRect(0, 0, 5, 5);
  return new File([await canvas.convertToBlob()], name, { type: 'image/png' });
}

function transferOf(...files: readonly File[]): DataTransfer {
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  return transfer;
}

function choose(view: ChatView, ...files: readonly File[]): void {
  const input = deepQuery(view, 'input[type="file"]') as HTMLInputElement;
  input.files = transferOf(...files).files;
  input.dispatchEvent(new Event('change'));
}

function drop(target: Element, ...files: readonly File[]): DragEvent {
  const event = new DragEvent('drop', {
    dataTransfer: transferOf(...files),
    bubbles: true,
    composed: true,
    cancelable: true,
  });
  target.dispatchEvent(event);
  return event;
}

function paste(view: ChatView, dataTransfer: DataTransfer): ClipboardEvent {
  const event = new ClipboardEvent('paste', {
    clipboardData: dataTransfer,
    bubbles: true,
    composed: true,
    cancelable: true,
  });
  field(view).dispatchEvent(event);
  return event;
}

function attached(view: ChatView, selector: string): HTMLElement[] {
  return deepQueryAll(view, 'alcove-attach').flatMap((element) => deepQueryAll(element, selector));
}

function field(view: ChatView): HTMLTextAreaElement {
  return deepQuery(view, 'textarea') as HTMLTextAreaElement;
}

function chips(view: ChatView): string[] {
  return attached(view, '.about').map((chip) => deepText(chip).trim());
}

function names(view: ChatView): (string | undefined)[] {
  return attached(view, '.name').map(({ textContent }) => textContent ?? undefined);
}

function question({ state }: Pick<Session, 'state'>): Message | undefined {
  return state.chat && activePath(state.chat).find(({ role }) => role === 'user');
}

test('chosen files are stored and read, and go with the message before its text', async () => {
  const { view, session } = await visit();
  choose(view, note('The tide is high.', 'tides.txt'), await picture());
  await expect
    .poll(() => chips(view))
    .toEqual([expect.stringMatching(/^tides\.txt 17 bytes · 4 words$/), expect.stringMatching(/^moon\.png/)]);
  await expect.poll(() => attached(view, 'img')).toHaveLength(1);
  await userEvent.fill(field(view), 'What is this?');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => session.state.generation.status).toBe('idle');
  await expect.poll(() => question(session)).toBeDefined();
  expect(question(session)?.parts.map(({ type }) => type)).toEqual(['document', 'image', 'text']);
  expect(chips(view)).toEqual([]);
  const [tides] = otherParts(question(session) ?? { parts: [] });
  if (tides?.type !== 'document') throw new Error('no document');
  expect(tides).toMatchObject({ name: 'tides.txt', mediaType: 'text/plain', sizeBytes: 17 });
  expect(await (await session.chats.files.read(tides.sha256 ?? ''))?.text()).toBe('The tide is high.');
  expect((await session.chats.documents.textOf(tides.sha256 ?? '', tides.name))?.pages[0]?.text).toBe(
    'The tide is high.',
  );
});

test('a message may be files alone', async () => {
  const { view, session } = await visit();
  expect(button(view, 'Send').disabled).toBe(true);
  choose(view, note('The tide is high.', 'tides.txt'));
  await expect.poll(() => button(view, 'Send').disabled).toBe(false);
  await expect.poll(() => chips(view).join()).toContain('4 words');
  button(view, 'Send').click();
  await expect.poll(() => question(session)?.parts.map(({ type }) => type)).toEqual(['document']);
  expect(session.state.chat?.title).toBe('tides.txt');
});

test('what is attached is there after a reload, and each chat has its own', async () => {
  const { view, session, databaseName } = await visit();
  choose(view, note('The tide is high.', 'tides.txt'), await picture());
  await expect.poll(() => chips(view).join()).toContain('4 words');
  await expect.poll(() => attached(view, 'alcove-thumbnail')).toHaveLength(1);
  await session.generation.send('Another chat');
  await expect.poll(() => chips(view)).toEqual([]);
  session.chats.new();
  await expect.poll(() => names(view)).toEqual(['tides.txt', 'moon.png']);
  await expect
    .poll(async () => (await session.chats.drafts.readAttached(undefined)).map(({ type }) => type))
    .toEqual(['document', 'image']);
  const { drafts } = session.chats;
  await drafts.attach(undefined, await drafts.readAttached(undefined));
  view.remove();
  session.dispose();
  const next = await visit(databaseName);
  await expect.poll(() => names(next.view)).toEqual(['tides.txt', 'moon.png']);
  await expect.poll(() => chips(next.view)[0]).toContain('4 words');
  await expect.poll(() => attached(next.view, 'img')).toHaveLength(1);
});

test('a removed file is stopped and forgotten with its bytes', async () => {
  const { view, session } = await visit();
  choose(view, note('The tide is high.', 'tides.txt'));
  await expect.poll(() => chips(view).join()).toContain('4 words');
  const [part] = await session.chats.drafts.readAttached(undefined);
  const sha256 = part !== undefined && 'sha256' in part ? String(part.sha256) : '';
  expect(await session.chats.files.read(sha256)).toBeDefined();
  button(view, 'Remove tides.txt').click();
  await expect.poll(() => chips(view)).toEqual([]);
  await expect.poll(() => session.chats.files.read(sha256)).toBe(undefined);
  expect(await session.chats.drafts.readAttached(undefined)).toEqual([]);
  expect(button(view, 'Send').disabled).toBe(true);
});

test('what cannot be read says why at its chip, and is not part of the message', async () => {
  const { view, session } = await visit();
  choose(
    view,
    note('', 'empty.txt'),
    new File([new Uint8Array([255, 216, 255, 0])], 'cut.jpg', { type: 'image/jpeg' }),
  );
  await expect
    .poll(() => chips(view))
    .toEqual([expect.stringContaining('This file is empty'), expect.stringContaining('This file is damaged')]);
  await userEvent.fill(field(view), 'What is this?');
  button(view, 'Send').click();
  await expect.poll(() => question(session)?.parts.map(({ type }) => type)).toEqual(['text']);
  await expect.poll(() => chips(view)).toEqual([]);
});

test('a sent message waits until its files are read, and the user can take it back', async () => {
  const { view, session } = await fixture('empty');
  const reading = Promise.withResolvers<void>();
  session.documentsOpen = reading.promise;
  choose(view, note('The tide is high.', 'tides.txt'));
  await expect.poll(() => chips(view).join()).toContain('Reading… 40%');
  await userEvent.fill(field(view), 'When?');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => deepText(view)).toContain('Will be sent once the files are read.');
  button(view, 'Do not send yet').click();
  await expect.poll(() => deepText(view)).not.toContain('Will be sent');
  button(view, 'Send').click();
  await settle(view);
  expect(session.calls).toEqual([]);
  reading.resolve();
  await expect.poll(() => session.calls).toEqual([['send', 'When?']]);
  expect(field(view).value).toBe('');
});

test('a file that fails while the message waits holds the message back', async () => {
  const { view, session } = await fixture('empty');
  const reading = Promise.withResolvers<void>();
  session.documentsOpen = reading.promise;
  choose(view, note('x', 'a.pdf'));
  await expect.poll(() => chips(view).join()).toContain('Reading…');
  await userEvent.fill(field(view), 'When?');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => deepText(view)).toContain('Will be sent');
  reading.reject(new AlcoveError('document-locked', 'locked', { data: { kind: 'pdf' } }));
  await expect.poll(() => chips(view).join()).toContain('protected by a password');
  expect(session.calls).toEqual([]);
  expect(field(view).value).toBe('When?');
});

test('files that a refused message took with it are back in the composer', async () => {
  const { view, session } = await fixture('empty');
  session.outcome = () => Promise.reject(new AlcoveError('engine-busy', 'busy'));
  choose(view, note('x', 'a.txt'));
  await expect.poll(() => chips(view).join()).toContain('1 word');
  await userEvent.fill(field(view), 'When?');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => session.calls).toEqual([['send', 'When?']]);
  await expect.poll(() => [field(view).value, ...names(view)]).toEqual(['When?', 'a.txt']);
});

test('a queued message keeps its files, and brings them back for editing', async () => {
  const { view } = await fixture('streaming');
  choose(view, note('x', 'a.txt'));
  await expect.poll(() => chips(view).join()).toContain('1 word');
  await userEvent.fill(field(view), 'Next');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => names(view)).toEqual([]);
  await expect
    .poll(() => deepText(deepQuery(view, 'alcove-queued-messages')))
    .toContain('Document: a.txt, 1 byte Next');
  button(deepQuery(view, 'alcove-queued-messages'), 'Edit').click();
  await expect.poll(() => [field(view).value, ...names(view)]).toEqual(['Next', 'a.txt']);
});

test('the same bytes are one chip, and of too many files the first are taken', async () => {
  const { view } = await visit();
  choose(view, note('one', 'a.txt'), note('one', 'b.txt'));
  await expect.poll(() => chips(view)).toEqual([expect.stringContaining('a.txt 3 bytes · 1 word')]);
  choose(view, ...Array.from({ length: 200 }, (_, index) => note(`file ${index}`, `${index}.txt`)));
  await expect.poll(() => deepText(view)).toContain('A message takes at most 20 files. 181 files were left out.');
  expect(names(view).at(-1)).toBe('18.txt');
});

test('a name shows no path, and no marks that turn its letters around', async () => {
  const { view } = await fixture();
  choose(view, note('x', '../../photo\u202egnp.txt'));
  await expect.poll(() => names(view)).toEqual(['photognp.txt']);
});

test('pasted and dropped files are attached, and a pasted table of a spreadsheet stays text', async () => {
  const { view } = await fixture();
  expect(paste(view, transferOf(note('x', 'a.txt'))).defaultPrevented).toBe(true);
  await expect.poll(() => names(view)).toEqual(['a.txt']);
  const table = transferOf(await picture());
  table.setData('text/plain', '1\t2');
  table.setData('text/html', '<table></table>');
  expect(paste(view, table).defaultPrevented).toBe(false);
  const over = new DragEvent('dragover', {
    dataTransfer: transferOf(note('y', 'b.txt')),
    bubbles: true,
    cancelable: true,
  });
  view.dispatchEvent(over);
  expect(over.defaultPrevented).toBe(true);
  await expect.poll(() => deepText(view)).toContain('Drop files to attach them');
  expect(drop(deepQuery(view, '.scroller'), note('y', 'b.txt')).defaultPrevented).toBe(true);
  await expect.poll(() => names(view)).toEqual(['a.txt', 'b.txt']);
  expect(deepText(view)).not.toContain('Drop files');
});

test('a dropped model is opened as a model', async () => {
  const { view } = await fixture();
  const opened: string[] = [];
  view.options = { hasAttachments: true, onModelFiles: (files) => opened.push(...files.map(({ file }) => file.name)) };
  await settle(view);
  drop(view, note('x', 'tiny.gguf'));
  await expect.poll(() => opened).toEqual(['tiny.gguf']);
  expect(names(view)).toEqual([]);
});

test('a long paste is offered as a document, and stays text unless the user takes the offer', async () => {
  const { view } = await fixture();
  const text = 'word '.repeat(600);
  const clipboard = new DataTransfer();
  clipboard.setData('text/plain', text);
  await userEvent.fill(field(view), 'Read: ');
  paste(view, clipboard);
  field(view).setRangeText(text, 6, 6, 'end');
  await expect.poll(() => deepText(view)).toContain('The pasted text has 3,000 characters.');
  button(view, 'Keep as text').click();
  await expect.poll(() => deepText(view)).not.toContain('The pasted text has');
  expect(field(view).value).toBe(`Read: ${text}`);
  await userEvent.fill(field(view), 'Read: ');
  paste(view, clipboard);
  field(view).setRangeText(text, 6, 6, 'end');
  await expect.poll(() => deepText(view)).toContain('The pasted text has');
  button(view, 'Attach as a document').click();
  await expect.poll(() => chips(view)).toEqual([expect.stringContaining('Pasted text.txt 3 kB · 600 words')]);
  expect(field(view).value).toBe('Read: ');
});

test('a paste that is too long for the field can be attached', async () => {
  const { view } = await fixture();
  await page.viewport(800, 700);
  const text = 'x'.repeat(200_001);
  field(view).dispatchEvent(
    new InputEvent('beforeinput', { data: text, bubbles: true, cancelable: true, composed: true }),
  );
  await expect.poll(() => deepText(view)).toContain('too long for a message');
  button(view, 'Attach as a document').click();
  await expect.poll(() => names(view)).toEqual(['Pasted text.txt']);
});

test('without the option there is no button, and a dropped file is left to the page', async () => {
  const { view } = await fixture();
  view.options = {};
  await settle(view);
  expect(deepQueryAll(view, 'alcove-attach')).toEqual([]);
  expect(drop(view, note('x', 'a.txt')).defaultPrevented).toBe(false);
});

/** The selected model sees no pictures; another one does. */
async function beside(weights: ModelEntry['weights']) {
  const [like] = STATES.ready.models.filter(({ record }) => record.id === 'smol');
  if (like === undefined) throw new Error('no such model');
  const record: ModelRecord = { ...like.record, id: 'vlm', name: 'SmolVLM 500M', engine: 'wllama', imageTokens: 832 };
  return show(new FixtureSession({ ...STATES.ready, models: [...STATES.ready.models, { ...like, record, weights }] }));
}

test('a model that does not see pictures says so before they are sent, and one that does can be downloaded', async () => {
  const { view, session } = await beside({ status: 'absent' });
  choose(view, note('The tide is high.', 'tides.txt'));
  await expect.poll(() => names(view)).toEqual(['tides.txt']);
  expect(deepText(view)).not.toContain('does not see pictures');
  choose(view, await picture());
  await expect.poll(() => deepText(view)).toContain('Qwen3.5 2B does not see pictures: it gets only their names.');
  attached(view, '.line button')[0]?.click();
  await expect.poll(() => session.calls).toContainEqual(['download', 'vlm']);
});

test('a model that sees pictures and is here is chosen by one press, with the files kept', async () => {
  const { view, session } = await beside(STORED);
  choose(view, await picture());
  await expect
    .poll(() => attached(view, '.line button').map(({ textContent }) => textContent?.trim()))
    .toEqual(['Use SmolVLM 500M']);
  attached(view, '.line button')[0]?.click();
  expect(session.calls).toContainEqual(['selectModel', 'vlm']);
  session.set({ selectedModelId: 'vlm' });
  await expect.poll(() => deepText(view)).not.toContain('does not see pictures');
  expect(names(view)).toEqual(['moon.png']);
});
