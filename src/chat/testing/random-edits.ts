import fc from 'fast-check';
import type { Conversation, Message } from '../conversation.ts';
import { deleteBranch, isHidden, restoreBranch } from '../deletion.ts';
import { canContinue, editMessage, forkConversation, reopened } from '../edits.ts';
import { addMessage, pathTo, replaceMessage, selectBranch, setFields, updateMessage } from '../tree.ts';

/** One thing that a person or an engine does to a chat; `at` picks the message, `text` what is written. */
export interface Edit {
  readonly kind:
    | 'ask'
    | 'answer'
    | 'stop'
    | 'regenerate'
    | 'edit'
    | 'continue'
    | 'summarise'
    | 'select'
    | 'delete'
    | 'restore'
    | 'fork'
    | 'rename'
    | 'pin';
  readonly at: number;
  readonly text: string;
}

const KINDS: readonly Edit['kind'][] = [
  'ask',
  'ask',
  'answer',
  'answer',
  'stop',
  'regenerate',
  'edit',
  'continue',
  'summarise',
  'select',
  'delete',
  'restore',
  'fork',
  'rename',
  'pin',
];

export const edits = fc.array(
  fc.record({ kind: fc.constantFrom(...KINDS), at: fc.nat(40), text: fc.string({ maxLength: 6 }) }),
  { maxLength: 40 },
);

/** Who edits: gives ids that no other tab gives, and times that rise. */
export class Editor {
  readonly #name: string;
  /** Every text that was ever written, by message. */
  readonly written = new Map<string, string>();
  #count = 0;
  #now: number;

  constructor(name: string, now: number) {
    this.#name = name;
    this.#now = now;
  }

  apply(chat: Conversation, edit: Edit): Conversation {
    this.#now += 1 + (edit.at % 3);
    const now = this.#now;
    // What is hidden can only be brought back.
    const ids = [...chat.messages.keys()].filter((id) => edit.kind === 'restore' || !isHidden(chat, id));
    const chosen = chat.messages.get(ids[edit.at % ids.length] ?? '');
    switch (edit.kind) {
      case 'ask':
        return this.#add(chat, 'user', questionParent(chat), edit.text);
      case 'answer':
      case 'stop':
        return this.#answer(chat, chat.activeLeafId, edit.text, edit.kind === 'stop' ? 'stopped' : 'complete');
      case 'regenerate':
        return this.#answer(chat, chosen?.parentId, edit.text, 'complete');
      case 'edit':
        return chosen === undefined ? chat : this.#edit(chat, chosen, edit.text, now);
      case 'continue':
        return chosen === undefined || !canContinue(chosen) ? chat : this.#continue(chat, chosen, edit.text);
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

  #id(text: string): string {
    const id = `${this.#name}${this.#count++}`;
    this.written.set(id, text);
    return id;
  }

  #add(chat: Conversation, role: Message['role'], parentId: string | undefined, text: string): Conversation {
    return addMessage(chat, { id: this.#id(text), parentId, role, text, status: 'complete', createdAt: this.#now });
  }

  #answer(chat: Conversation, parentId: string | undefined, text: string, status: Message['status']): Conversation {
    const asks = pathTo(chat, parentId).findLast(({ role }) => role !== 'summary');
    if (parentId === undefined || asks?.role !== 'user') return chat;
    const asked = this.#add(chat, 'assistant', parentId, text);
    return updateMessage(asked, asked.activeLeafId ?? '', { status });
  }

  #edit(chat: Conversation, { id }: Message, text: string, now: number): Conversation {
    return editMessage(chat, id, text, this.#id(text), now);
  }

  #continue(chat: Conversation, message: Message, text: string): Conversation {
    const written = { ...reopened(message), text: message.text + text, status: 'complete' as const };
    this.written.set(message.id, written.text);
    return replaceMessage(chat, written);
  }

  #summarise(chat: Conversation, text: string): Conversation {
    return chat.activeLeafId === undefined ? chat : this.#add(chat, 'summary', chat.activeLeafId, text);
  }

  /** The fork is thrown away: what it was made from must stay what it was. */
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
