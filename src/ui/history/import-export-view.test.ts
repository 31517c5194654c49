import { afterEach, expect, test, vi } from 'vitest';
import { AlcoveError, abortError } from '../../platform/errors.ts';
import { deepText } from '../testing/deep-dom.ts';
import { FixtureSession, NOTHING_IMPORTED } from '../testing/fixture-session.ts';
import { STATES } from '../testing/states.ts';
import { ImportExportView } from './import-export-view.ts';

const saved: string[] = [];

afterEach(() => {
  document.querySelector('alcove-import-export')?.remove();
  vi.restoreAllMocks();
  saved.splice(0);
});

function filesOf(names: readonly string[]): DataTransfer {
  const files = new DataTransfer();
  for (const name of names) files.items.add(new File(['{}'], name));
  return files;
}

async function show() {
  // What the browser would save: a click on a link with a name for the file.
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push(this.download);
  });
  const session = new FixtureSession(STATES.ready);
  const view = new ImportExportView();
  view.session = session;
  document.body.append(view);
  await view.updateComplete;
  const find = <Found extends HTMLElement>(selector: string): Found => {
    const found = view.renderRoot.querySelector<Found>(selector);
    if (found === null) throw new Error(`no ${selector}`);
    return found;
  };
  const choose = (...names: readonly string[]): void => {
    const files = filesOf(names.length === 0 ? ['chats.json'] : names);
    const input = find<HTMLInputElement>('input[type="file"]');
    input.files = files.files;
    input.dispatchEvent(new Event('change'));
  };
  const says = (words: RegExp | string) => expect.poll(() => deepText(view)).toMatch(words);
  return { session, view, find, choose, says };
}

test('all chats are saved without a passphrase, and the file says what it is', async () => {
  const { session, find, says } = await show();
  find('form button').click();
  await says('chats were saved.');
  expect(session.calls).toEqual([['exportAll']]);
  expect(saved).toEqual([expect.stringMatching(/^alcove-chats-\d{4}-\d\d-\d\d\.json$/)]);
});

test('a short passphrase is refused with the reason, a long one encrypts the file', async () => {
  const { session, view, find, says } = await show();
  find<HTMLInputElement>('input[name="encrypt"]').click();
  await view.updateComplete;
  find<HTMLInputElement>('input[name="passphrase"]').value = 'short';
  find('form button').click();
  await says('at least 10 characters');
  expect(session.calls).toEqual([]);
  find<HTMLInputElement>('input[name="passphrase"]').value = 'correct horse battery';
  find('form button').click();
  await says('chats were saved.');
  expect(session.calls).toEqual([['exportAll', 'correct horse battery']]);
  expect(saved[0]).toMatch(/\.json\.age$/);
});

test('an import reports what was imported and what was not, with the reasons', async () => {
  const { session, choose, says, view } = await show();
  session.importOutcome = async () => ({
    source: 'chatgpt',
    added: 12,
    merged: 1,
    newMessages: 2,
    changedMessages: 1,
    known: 2,
    projects: 1,
    unread: [{ number: 3, title: 'Boats', reason: 'not-a-chat' }],
    unreadMessages: 1,
    missingFiles: 4,
    broken: { index: 15, reason: 'ends-early' },
  });
  choose();
  await says('From ChatGPT: 12 chats were added.');
  for (const words of [
    '1 existing chat was updated.',
    '3 messages were new or more complete.',
    '2 were already here.',
    '1 project was added or updated.',
    'Chat 3, “Boats”: Alcove cannot read it.',
    '1 message could not be read',
    '4 images or files',
    'The file ends in the middle of chat 16.',
  ]) {
    expect(deepText(view)).toContain(words);
  }
});

test('an encrypted file asks for its passphrase, says when it is wrong, and opens with the right one', async () => {
  const { session, view, find, choose, says } = await show();
  const given: unknown[] = [];
  session.importOutcome = async (_, { passphrase }) => {
    given.push(passphrase);
    if (passphrase === undefined) throw new AlcoveError('passphrase-needed', 'encrypted');
    if (passphrase !== 'right') throw new AlcoveError('passphrase-wrong', 'no');
    return { ...NOTHING_IMPORTED, source: 'alcove', added: 1 };
  };
  choose();
  await says('Passphrase of this backup');
  for (const [passphrase, words] of [
    ['wrong', 'That is not the passphrase of this file.'],
    ['right', 'From Alcove: 1 chat was added.'],
  ] as const) {
    find<HTMLInputElement>('.unlock input').value = passphrase;
    find('.unlock button').click();
    await says(words);
    await view.updateComplete;
  }
  expect(given).toEqual([undefined, 'wrong', 'right']);
});

test('several files are imported one after the other; one that cannot be read keeps no other from it', async () => {
  const { session, view, find, choose, says } = await show();
  const given: unknown[] = [];
  session.importOutcome = async (file, { passphrase }) => {
    const name = file instanceof File ? file.name : '';
    given.push([name, passphrase]);
    if (name === 'page.html') throw new AlcoveError('import-unreadable', 'no', { data: { reason: 'not-json' } });
    if (name === 'b.age' && passphrase === undefined) throw new AlcoveError('passphrase-needed', 'encrypted');
    return { ...NOTHING_IMPORTED, source: 'lm-studio', added: 2, missingFiles: name === 'c.json' ? 1 : 0 };
  };
  choose('a.json', 'page.html', 'b.age', 'c.json');
  await says('Passphrase of this backup');
  find<HTMLInputElement>('.unlock input').value = 'right';
  find('.unlock button').click();
  await says('From LM Studio: 6 chats were added.');
  expect(given).toEqual([
    ['a.json', undefined],
    ['page.html', undefined],
    ['b.age', undefined],
    ['b.age', 'right'],
    ['c.json', undefined],
  ]);
  await says('It is not JSON.');
  expect(deepText(view)).toContain('page.html');
  expect(deepText(view)).toContain('c.json · 1 image or file was not imported');
});

test('dropped files are imported, and the place for them shows that it takes them', async () => {
  const { session, view, find, says } = await show();
  session.importOutcome = async () => ({ ...NOTHING_IMPORTED, source: 'claude', added: 1 });
  const dataTransfer = filesOf(['chats.zip']);
  const drag = (type: string) => new DragEvent(type, { dataTransfer, bubbles: true, composed: true, cancelable: true });
  expect(find('.import').dispatchEvent(drag('dragover'))).toBe(false);
  await view.updateComplete;
  expect(find('.import').classList.contains('over')).toBe(true);
  expect(find('.import').dispatchEvent(drag('drop'))).toBe(false);
  await says('From Claude: 1 chat was added.');
  expect(find('.import').classList.contains('over')).toBe(false);
});

test('an import can be cancelled, and another file chosen', async () => {
  const { session, find, choose, says, view } = await show();
  session.importOutcome = (_, { signal, onProgress }) =>
    new Promise((_, reject) => {
      onProgress?.(1, 7);
      signal?.addEventListener('abort', () => reject(abortError()));
    });
  choose();
  await says('7 chats so far');
  find('.import button').click();
  await says('Choose files');
  expect(deepText(view)).not.toContain('so far');
});

test('a file without chats gets a message', async () => {
  const { session, choose, says } = await show();
  session.importOutcome = () =>
    Promise.reject(new AlcoveError('import-unreadable', 'zip', { data: { reason: 'zip' } }));
  choose();
  await says(/It is a ZIP archive without an export of chats/);
});

test('all chats are deleted after a confirmation, and their number is reported', async () => {
  const { session, find, says } = await show();
  const inner = () => find('alcove-confirm-button').shadowRoot;
  inner()?.querySelector<HTMLElement>('.ask')?.click();
  await says('This cannot be undone.');
  expect(session.calls).toEqual([]);
  inner()?.querySelector<HTMLElement>('.now')?.click();
  await says(`${STATES.ready.chats.length} chats were deleted.`);
  expect(session.calls).toEqual([['deleteAllChats']]);
});
