import fc from 'fast-check';
import type { Conversation, Message } from '../conversation.ts';
import { deleteBranch, isHidden, restoreBranch } from '../deletion.ts';
import { canContinue, editMessage, forkConversation, keepAsSibling, reopened } from '../edits.ts';
import {
  appended,
  type MessagePart,
  type OtherPart,
  otherParts,
  textOf,
  textParts,
  type UnknownPart,
  withText,
} from '../message-parts.ts';
import { addMessage, pathTo, replaceMessage, selectBranch, setFields, updateMessage } from '../tree.ts';

/** Twice: what happens more often. */
const KINDS = [
  'ask',
  'ask',
  'attach',
  'answer',
  'answer',
  'call',
  'stop',
  'regenerate',
  'edit',
  'continue',
  'restart',
  'summarise',
  'select',
  'delete',
  'restore',
  'fork',
  'rename',
  'pin',
] as const;

/** One thing that the user or an engine does to a chat; `at` chooses the message, `text` is what is written. */
export interface Edit {
  readonly kind: (typeof KINDS)[number];
  readonly at: number;
  readonly text: string;
}

export const edits = fc.array(
  fc.record({ kind: fc.constantFrom(...KINDS), at: fc.nat(40), text: fc.string({ maxLength: 6 }) }),
  { maxLength: 40 },
);

/** Parts that a message may have beside its text; the last is of a kind that only a later version knows. */
export const ATTACHMENTS: readonly MessagePart[] = [
  { type: 'image', name: 'moon.png', mediaType: 'image/png', sizeBytes: 1_204_000, sha256: 'a1'.repeat(32) },
  {
    type: 'document',
    name: 'tides.pdf',
    mediaType: 'application/pdf',
    sizeBytes: 88_000,
    sha256: 'b2'.repeat(32),
    text: 'The tide rises twice a day.',
  },
  { type: 'audio', name: 'waves.ogg', mediaType: 'audio/ogg', sizeBytes: 5_000, sha256: 'c3'.repeat(32) },
  unknownPart({ type: 'hologram', depth: 3, layers: [{ name: 'sea' }] }),
];

/** A part as a later version may store it. */
export function unknownPart(part: { readonly type: string; readonly [member: string]: unknown }): UnknownPart {
  const value: unknown = part;
  return value as UnknownPart;
}

/** Edits as one tab: its ids differ from those of every other tab, and its clock is put back now and then. */
export class Editor {
  readonly #name: string;
  /** Every text that was ever written, by message. */
  readonly written = new Map<string, string>();
  /** Every part that was ever added to a message and is neither text nor reasoning. */
  readonly attached = new Map<string, readonly OtherPart[]>();
  #count = 0;
  #now: number;

  constructor(name: string, now: number) {
    this.#name = name;
    this.#now = now;
  }

  apply(chat: Conversation, edit: Edit): Conversation {
    this.#now += edit.at % 8 === 7 ? -50 : 1 + (edit.at % 3);
    const now = this.#now;
    // A hidden message can only be restored.
    const ids = [...chat.messages.keys()].filter((id) => edit.kind === 'restore' || !isHidden(chat, id));
    const chosen = chat.messages.get(ids[edit.at % ids.length] ?? '');
    switch (edit.kind) {
      case 'ask':
        return this.#add(chat, 'user', questionParent(chat), textParts(edit.text));
      case 'attach': {
        const parts = [ATTACHMENTS[edit.at % ATTACHMENTS.length] ?? [], textParts(edit.text)].flat();
        return this.#add(chat, 'user', questionParent(chat), parts);
      }
      case 'call':
        return chosen === undefined || !canContinue(chosen) ? chat : this.#call(chat, chosen, edit.text);
      case 'answer':
      case 'stop':
        return this.#answer(chat, chat.activeLeafId, edit.text, edit.kind === 'stop' ? 'stopped' : 'complete');
      case 'regenerate':
        return this.#answer(chat, chosen?.parentId, edit.text, 'complete');
      case 'edit':
        return chosen === undefined ? chat : this.#edit(chat, chosen, edit.text, now);
      case 'continue':
        return chosen === undefined || !canContinue(chosen) ? chat : this.#continue(chat, chosen, edit.text);
      case 'restart':
        // Only the tab that writes an answer begins it again.
        return chosen?.role === 'assistant' && chosen.id.startsWith(this.#name)
          ? this.#restart(chat, chosen, edit.text, now)
          : chat;
      case 'summarise':
        return this.#summarise(chat, edit.text);
      case 'select':
        return chosen === undefined ? chat : selectBranch(chat, chosen.id, now);
      case 'delete':
        return chosen === undefined ? chat : deleteBranch(chat, chosen.id, now);
      case 'restore':
        return chosen === undefined ? chat : restoreBranch(chat, chosen.id, now);
      case 'fork':
        return chosen === undefined ? chat : this.#fork(chat, chosen, now);
      case 'rename':
        return setFields(chat, { title: edit.text, titleIsSet: true }, now);
      case 'pin':
        return setFields(chat, { pinnedAt: edit.at % 2 === 0 ? now : undefined, tags: [edit.text] }, now);
    }
  }

  #id(parts: readonly MessagePart[]): string {
    const id = `${this.#name}${this.#count++}`;
    this.#note(id, parts);
    return id;
  }

  #note(id: string, parts: readonly MessagePart[]): void {
    this.written.set(id, textOf({ parts }));
    this.attached.set(id, otherParts({ parts }));
  }

  #add(
    chat: Conversation,
    role: Message['role'],
    parentId: string | undefined,
    parts: readonly MessagePart[],
  ): Conversation {
    return addMessage(chat, { id: this.#id(parts), parentId, role, parts, status: 'complete', createdAt: this.#now });
  }

  #answer(chat: Conversation, parentId: string | undefined, text: string, status: Message['status']): Conversation {
    const asks = pathTo(chat, parentId).findLast(({ role }) => role !== 'summary');
    if (parentId === undefined || asks?.role !== 'user') return chat;
    const asked = this.#add(chat, 'assistant', parentId, textParts(text, text.slice(1)));
    return updateMessage(asked, asked.activeLeafId ?? '', { status });
  }

  #edit(chat: Conversation, { id, parts }: Message, text: string, now: number): Conversation {
    return editMessage(chat, id, text, this.#id(withText(parts, text)), now);
  }

  #continue(chat: Conversation, message: Message, text: string): Conversation {
    const parts = appended(message.parts, { type: 'text', text });
    this.#note(message.id, parts);
    return replaceMessage(chat, { ...reopened(message), parts, status: 'complete' });
  }

  /** An answer begins again after its engine was lost. */
  #restart(chat: Conversation, { id, parts }: Message, text: string, now: number): Conversation {
    const error = { name: 'AlcoveError', code: 'device-lost', message: '', data: {} } as const;
    const again = keepAsSibling(chat, id, { id: this.#id(parts), error, now });
    this.#note(id, textParts(text));
    return updateMessage(again, id, { parts: textParts(text) });
  }

  /** A tool is called within an answer, and answers. */
  #call(chat: Conversation, message: Message, text: string): Conversation {
    const id = `call-${this.#name}${this.#now}`;
    const call = { type: 'tool-call', id, name: 'clock', argumentsJson: '{}', state: 'complete' } as const;
    const parts = [...message.parts, call, { type: 'tool-result', toolCallId: id, content: text } as const];
    this.#note(message.id, parts);
    return replaceMessage(chat, { ...message, parts });
  }

  #summarise(chat: Conversation, text: string): Conversation {
    return chat.activeLeafId === undefined ? chat : this.#add(chat, 'summary', chat.activeLeafId, textParts(text));
  }

  /** The fork is thrown away: the conversation that it was made from must stay the same. */
  #fork(chat: Conversation, { id }: Message, now: number): Conversation {
    const fork = forkConversation(chat, id, 'fork', now);
    if (fork.activeLeafId !== id || fork.messages.size !== pathTo(chat, id).length) throw new Error('not a fork');
    return chat;
  }
}

/** A question follows an answer, or begins. */
function questionParent(chat: Conversation): string | undefined {
  const path = pathTo(chat, chat.activeLeafId);
  const last = path.findLast(({ role }) => role !== 'summary');
  return last?.role === 'user' ? last.parentId : path.at(-1)?.id;
}
