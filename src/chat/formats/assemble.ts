import { isPlainId } from '../../platform/untrusted-json.ts';
import type { Conversation, Message } from '../conversation.ts';
import { titleFrom } from '../title.ts';
import { createConversation, selectBranch } from '../tree.ts';
import type { DraftChat, DraftMessage, DraftNode } from './draft-chat.ts';

/** Messages of one chat; the longest known have a few thousand. */
const MOST_MESSAGES = 100_000;

/** Joining turns may repeat text on several branches, up to so many times what the file holds. */
const MOST_COPIES = 4;

/** Characters of a title, at most. */
const TITLE_LENGTH = 200;

/** What was not sound about a chat's links, and was mended. */
export interface Mended {
  readonly duplicateIds: number;
  /** Parents that are not in the file: what hung on them begins a branch of its own. */
  readonly missingParents: number;
  readonly cycles: number;
}

export type Assembled =
  | { readonly ok: true; readonly conversation: Conversation; readonly mended: Mended }
  | { readonly ok: false; readonly reason: 'empty' | 'too-many-messages' };

/** A node that shows something, with its links mended. */
interface Branch {
  readonly id: string;
  readonly message: DraftMessage;
  readonly children: Branch[];
}

/** A message that was put together of one or several nodes of one side; the last of them is `branch`. */
interface Turn {
  readonly branch: Branch;
  readonly parent: Branch | undefined;
  readonly text: string;
  readonly reasoning: string;
}

/**
 * Makes a sound conversation of whatever links a file has. Branches are kept. Nodes without content give their place to
 * their children; a circle is opened; a message whose id is taken gets a new one; turns of one side that follow each
 * other become one, so that on every path the sides alternate.
 *
 * @param newId makes an id for what has none that can be used
 */
export function assemble(draft: DraftChat, newId: () => string, now: number): Assembled {
  if (draft.nodes.length > MOST_MESSAGES) return { ok: false, reason: 'too-many-messages' };
  const { roots, active, mended } = mendLinks(draft);
  const turns = joinTurns(roots);
  if (turns === undefined) return { ok: false, reason: 'too-many-messages' };
  const first = turns[0];
  if (first === undefined) return { ok: false, reason: 'empty' };

  const base = draft.createdAt ?? first.branch.message.createdAt ?? draft.updatedAt ?? now;
  const { messages, ids } = toMessages(turns, base, newId, draft.source === 'alcove');
  const latest = [...messages.values()].reduce((most, { createdAt }) => Math.max(most, createdAt), base);
  const conversation: Conversation = {
    ...createConversation(
      draft.id !== undefined && isPlainId(draft.id) ? draft.id : newId(),
      base,
      draft.modelId ?? turns.findLast(({ branch }) => branch.message.modelId !== undefined)?.branch.message.modelId,
    ),
    title: draft.title.trim() === '' ? titleFrom(first.text) : cutTitle(draft.title),
    titleIsSet: draft.titleIsSet && draft.title.trim() !== '',
    updatedAt: draft.updatedAt ?? latest,
    ...(draft.settings !== undefined && { settings: draft.settings }),
    ...draft.kept,
    messages,
  };
  const shown = active === undefined ? [...messages.keys()].at(-1) : ids.get(emittedBelow(active, ids));
  if (draft.source === 'alcove') return { ok: true, conversation: { ...conversation, activeLeafId: shown }, mended };
  return { ok: true, conversation: selectBranch(conversation, shown ?? '', latest), mended };
}

/** Ids by branch, and the messages, parents before children, siblings in the order of the file. */
function toMessages(turns: readonly Turn[], base: number, newId: () => string, keepsTimes: boolean) {
  const ids = new Map<Branch, string>();
  const messages = new Map<string, Message>();
  const newestBelow = new Map<string | undefined, number>();
  for (const { branch, parent, text, reasoning } of turns) {
    const id = isPlainId(branch.id) && !messages.has(branch.id) ? branch.id : newId();
    const parentId = parent === undefined ? undefined : ids.get(parent);
    const parentAt = (parentId === undefined ? undefined : messages.get(parentId)?.createdAt) ?? base - 1;
    // A store puts siblings into the order of their times: what the file has in order stays in order.
    const after = Math.max(parentAt, newestBelow.get(parentId) ?? 0);
    const { createdAt: given, reasoning: _, ...fields } = branch.message;
    const createdAt = keepsTimes && given !== undefined ? given : Math.max(given ?? 0, after + 1);
    newestBelow.set(parentId, createdAt);
    ids.set(branch, id);
    messages.set(id, { ...fields, id, parentId, text, createdAt, ...(reasoning !== '' && { reasoning }) });
  }
  const byTime = [...messages].sort(([, a], [, b]) => a.createdAt - b.createdAt);
  return { ids, messages: new Map(byTime) };
}

/** Joins what one side said in a row. Undefined where that would repeat far more text than the file holds. */
function joinTurns(roots: readonly Branch[]): Turn[] | undefined {
  const turns: Turn[] = [];
  const open = roots.toReversed().map((branch): Turn => ({ branch, parent: undefined, text: '', reasoning: '' }));
  let given = 1_000_000;
  let written = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { branch, parent } = next;
    const { role } = branch.message;
    const turn: Turn = {
      ...next,
      text: joined(next.text, branch.message.text),
      reasoning: joined(next.reasoning, branch.message.reasoning ?? ''),
    };
    given += branch.message.text.length + (branch.message.reasoning?.length ?? 0);
    if (branch.children.length === 0 || branch.children.some((child) => child.message.role !== role)) {
      turns.push(turn);
      written += turn.text.length + turn.reasoning.length;
      if (written > given * MOST_COPIES) return undefined;
    }
    for (const child of branch.children.toReversed()) {
      open.push(
        child.message.role === role
          ? { ...turn, branch: child, parent }
          : { branch: child, parent: branch, text: '', reasoning: '' },
      );
    }
  }
  return turns;
}

function joined(before: string, after: string): string {
  return before === '' || after === '' ? before + after : `${before}\n\n${after}`;
}

function mendLinks(draft: DraftChat): { roots: Branch[]; active: Branch | undefined; mended: Mended } {
  const { nodes } = draft;
  const indexes = new Map<string, number>();
  for (const [index, { id }] of nodes.entries()) if (!indexes.has(id)) indexes.set(id, index);
  let missingParents = 0;
  const parents = nodes.map(({ parentId }) => {
    if (parentId === undefined) return undefined;
    const index = indexes.get(parentId);
    if (index === undefined) missingParents += 1;
    return index;
  });
  const cycles = openCycles(parents);
  const children = new Map<number | undefined, number[]>();
  for (const [index, parent] of parents.entries()) {
    const list = children.get(parent);
    if (list === undefined) children.set(parent, [index]);
    else list.push(index);
  }

  const roots: Branch[] = [];
  let active: Branch | undefined;
  const open = (children.get(undefined) ?? [])
    .toReversed()
    .map((index) => ({ index, above: undefined as Branch | undefined }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const node = nodes[next.index];
    if (node === undefined) continue;
    const branch = node.message === undefined ? undefined : { id: node.id, message: node.message, children: [] };
    if (branch !== undefined) (next.above === undefined ? roots : next.above.children).push(branch);
    const above = branch ?? next.above;
    if (isActive(draft, node)) active ??= above;
    for (const index of (children.get(next.index) ?? []).toReversed()) open.push({ index, above });
  }
  return { roots, active, mended: { duplicateIds: nodes.length - indexes.size, missingParents, cycles } };
}

function isActive(draft: DraftChat, node: DraftNode): boolean {
  return draft.activeId !== undefined && draft.activeId === node.id;
}

/** Makes one link of each circle a root. Returns how many there were. */
function openCycles(parents: (number | undefined)[]): number {
  const seenInWalk = new Map<number, number>();
  let cycles = 0;
  for (let start = 0; start < parents.length; start++) {
    let at: number | undefined = start;
    while (at !== undefined && !seenInWalk.has(at)) {
      seenInWalk.set(at, start);
      at = parents[at];
    }
    if (at === undefined || seenInWalk.get(at) !== start) continue;
    parents[at] = undefined;
    cycles += 1;
  }
  return cycles;
}

/** The turn that took a branch in, where it is no turn of its own. */
function emittedBelow(branch: Branch, ids: ReadonlyMap<Branch, string>): Branch {
  let at = branch;
  for (let next = at.children.at(-1); !ids.has(at) && next !== undefined; next = at.children.at(-1)) at = next;
  return at;
}

function cutTitle(title: string): string {
  return [...title.trim().slice(0, TITLE_LENGTH * 2)].slice(0, TITLE_LENGTH).join('');
}
