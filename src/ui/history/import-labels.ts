import { msg, str } from '@lit/localize';
import type { ChatSource } from '../../chat/formats/draft-chat.ts';
import type { AlcoveError } from '../../platform/errors.ts';
import type { ImportReport, UnreadChat } from '../../session/chats/chat-transfer.ts';
import { plural, sentences } from '../lib/plural.ts';

/** Names of programs; a plain list of messages does not tell which one wrote it. */
const SOURCES: Readonly<Record<ChatSource, string>> = {
  alcove: 'Alcove',
  chatgpt: 'ChatGPT',
  claude: 'Claude',
  librechat: 'LibreChat',
  'llama-cpp': 'llama.cpp',
  'lm-studio': 'LM Studio',
  nextchat: 'NextChat',
  'open-webui': 'Open WebUI',
  'web-llm-chat': 'web-llm-chat',
  messages: '',
};

/** The result of one of the files that were chosen together. */
export interface FileReport {
  readonly name: string;
  readonly report?: ImportReport;
  /** Why nothing of it was read. */
  readonly error?: AlcoveError;
}

/** Chats of a file that are here now. */
export function chatsIn({ added, merged, known }: ImportReport): number {
  return added + merged + known;
}

/** The result of an import, in one or two sentences. */
export function importLabel(reports: readonly ImportReport[]): string {
  const [source, ...others] = [...new Set(reports.flatMap((report) => report.source ?? []))];
  const from = source === undefined || others.length > 0 ? '' : SOURCES[source];
  const sum = (count: (report: ImportReport) => number): number => reports.reduce((all, one) => all + count(one), 0);
  const [added, merged, known] = [sum((one) => one.added), sum((one) => one.merged), sum((one) => one.known)];
  const changed = sum((one) => one.newMessages + one.changedMessages);
  const addedWords = plural(added, msg('one: # chat was added. | other: # chats were added.'));
  const projects = sum((one) => one.projects);
  const parts = [
    added === 0 ? msg('No new chats.') : from === '' ? addedWords : msg(str`From ${from}: ${addedWords}`),
    merged === 0
      ? ''
      : plural(merged, msg('one: # existing chat was updated. | other: # existing chats were updated.')),
    changed === 0
      ? ''
      : plural(changed, msg('one: # message was new or more complete. | other: # messages were new or more complete.')),
    known === 0 ? '' : plural(known, msg('one: # was already here. | other: # were already here.')),
    projects === 0
      ? ''
      : plural(projects, msg('one: # project was added or updated. | other: # projects were added or updated.')),
  ];
  return sentences(...parts);
}

/** What was not imported of all files, each with its reason and, of several, the file's name. */
export function gapsOf(files: readonly FileReport[]): string[] {
  return files.flatMap(({ name, report }) => {
    const gaps = report === undefined ? [] : importGaps(report);
    return files.length === 1 ? gaps : gaps.map((gap) => `${name} · ${gap}`);
  });
}

/** What was not imported, each with its reason; empty when everything was. */
function importGaps({ unread, unreadMessages, missingFiles, broken }: ImportReport): string[] {
  return [
    ...unread.map(unreadLabel),
    ...(unreadMessages === 0
      ? []
      : [
          plural(
            unreadMessages,
            msg(
              'one: # message could not be read; the rest of its chat is here. | other: # messages could not be read; the rest of their chats is here.',
            ),
          ),
        ]),
    ...(missingFiles === 0
      ? []
      : [
          plural(
            missingFiles,
            msg(
              'one: # image or file was not imported; its name and the text of its message are here. | other: # images or files were not imported; their names and the texts of their messages are here.',
            ),
          ),
        ]),
    ...(broken === undefined ? [] : [brokenLabel(broken.index + 1, broken.reason)]),
  ];
}

function brokenLabel(number: number, reason: NonNullable<ImportReport['broken']>['reason']): string {
  if (reason === 'ends-early')
    return msg(str`The file ends in the middle of chat ${number}. The chats before it were imported.`);
  if (reason === 'damaged')
    return msg(str`The backup is damaged from chat ${number} on. The chats before it were imported.`);
  return msg(str`From chat ${number} on the file is not JSON. The chats before it were imported.`);
}

function unreadLabel({ number, title, reason }: UnreadChat): string {
  const name = title === '' ? msg(str`Chat ${number}`) : msg(str`Chat ${number}, “${title}”`);
  switch (reason) {
    case 'empty':
      return msg(str`${name}: it has no messages.`);
    case 'too-large':
    case 'too-many-messages':
      return msg(str`${name}: it is larger than any chat can be.`);
    case 'too-deep':
    case 'not-json':
      return msg(str`${name}: its record is damaged.`);
    case 'not-a-chat':
      return msg(str`${name}: Alcove cannot read it.`);
  }
}
