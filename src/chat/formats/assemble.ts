import { isPlainId } from '../../platform/untrusted-json.ts';
import type { Conversation, Message } from '../conversation.ts';
import type { MessagePart } from '../message-parts.ts';
import { titleOf } from '../title.ts';
import { createConversation, inOrder, selectBranch } from '../tree.ts';
import type { DraftChat, DraftMessage, DraftNode } from './draft-chat.ts';
import { joinedParts } from './draft-parts.ts';

/** Messages of one chat; the longest known have a few thousand. */
const MOST_MESSAGES = 100_000;

/** Joining turns may repeat content on several branches: at most this many times the size of the file. */
const MOST_COPIES = 4;

/** Characters of a title, at most. */
const TITLE_LENGTH = 200;

/** How many links of a chat were broken, and were repaired. */
export interface Mended {
  readonly duplicateIds: number;
  /** Parents that are not in the file; their children begin branches of their own. */
  readonly missingParents: number;
  readonly cycles: number;
}

export type Assembled =
  | { readonly ok: true; readonly conversation: Conversation; readonly mended: Mended }
  | { readonly ok: false; readonly reason: 'empty' | 'too-many-messages' };

/** A node with content, its links repaired. */
interface Branch {
  readonly id: string;
  readonly message: DraftMessage;
  readonly children: Branch[];
}

/** A message made of one or more consecutive nodes of one role; the last of them is `branch`. */
interface Turn {
  readonly branch: Branch;
  readonly parent: Branch | undefined;
  readonly parts: readonly MessagePart[];
}

/**
 * Makes a sound conversation of the nodes of a file. Branches are kept. The children of a node without content take its
 * place; a circle is opened; a message whose id is taken gets a new one; consecutive turns of one role are joined, so that
 * the roles alternate on every path.
 *
 * @param newId makes an id where the file has none that can be used
 */
export function assemble(draft: DraftChat, newId: () => string, now: number): Assembled {
  if (draft.nodes.length > MOST_MESSAGES) return { ok: false, reason: 'too-many-messages' };
  const { roots, active, mended } = mendLinks(draft);
  const turns = joinTurns(roots);
  if (turns === undefined) return { ok: false, reason: 'too-many-messages' };
  const first = turns[0];
  if (first === undefined) return { ok: false, reason: 'empty' };

  const base = Math.min(draft.createdAt ?? first.branch.message.createdAt ?? draft.updatedAt ?? now, now);
  const { messages, ids } = toMessages(turns, base, newId, now, draft.source === 'alcove');
  const latest = [...messages.values()].reduce((most, { createdAt }) => Math.max(most, createdAt), base);
  const conversation: Conversation = {
    ...createConversation(
      draft.id !== undefined && isPlainId(draft.id) ? draft.id : newId(),
      base,
      draft.modelId ?? turns.findLast(({ branch }) => branch.message.modelId !== undefined)?.branch.message.modelId,
    ),
    title: draft.title.trim() === '' ? titleOf(first) : cutTitle(draft.title),
    titleIsSet: draft.titleIsSet && draft.title.trim() !== '',
    updatedAt: Math.min(draft.updatedAt ?? latest, now),
    ...(draft.settings !== undefined && { settings: draft.settings }),
    ...boundedTimes(draft.kept ?? {}, now),
    messages,
  };
  const shown = active === undefined ? [...messages.keys()].at(-1) : ids.get(emittedBelow(active, ids));
  if (draft.source === 'alcove') return { ok: true, conversation: { ...conversation, activeLeafId: shown }, mended };
  return { ok: true, conversation: selectBranch(conversation, shown ?? '', latest), mended };
}

/** Ids by branch, and the messages, parents before children, siblings in the order of the file. */
function toMessages(turns: readonly Turn[], base: number, newId: () => string, now: number, keepsTimes: boolean) {
  const ids = new Map<Branch, string>();
  const messages = new Map<string, Message>();
  const newestBelow = new Map<string | undefined, number>();
  for (const { branch, parent, parts } of turns) {
    const id = isPlainId(branch.id) && !messages.has(branch.id) ? branch.id : newId();
    const parentId = parent === undefined ? undefined : ids.get(parent);
    const parentAt = (parentId === undefined ? undefined : messages.get(parentId)?.createdAt) ?? base - 1;
    // The store sorts siblings by their times, so the order of the file must be the order of the times.
    const after = Math.max(parentAt, newestBelow.get(parentId) ?? 0);
    const { createdAt: given, ...fields } = branch.message;
    const isKept = keepsTimes && given !== undefined && given <= now;
    const createdAt = isKept ? given : Math.max(Math.min(given ?? 0, now), after + 1);
    newestBelow.set(parentId, createdAt);
    ids.set(branch, id);
    messages.set(id, { ...fields, id, parentId, parts, createdAt });
  }
  return { ids, messages: inOrder(messages.values()) };
}

/** No time of a file is in the future: what is set from now on would count as earlier. */
function boundedTimes(kept: NonNullable<DraftChat['kept']>, now: number): NonNullable<DraftChat['kept']> {
  const { pinnedAt, archivedAt, fieldTimes } = kept;
  const times = Object.entries(fieldTimes ?? {}).map(([field, time]) => [field, Math.min(time, now)] as const);
  return {
    ...kept,
    ...(pinnedAt !== undefined && { pinnedAt: Math.min(pinnedAt, now) }),
    ...(archivedAt !== undefined && { archivedAt: Math.min(archivedAt, now) }),
    ...(fieldTimes !== undefined && { fieldTimes: Object.fromEntries(times) }),
  };
}

/** Joins consecutive turns of one role. Undefined where that would repeat far more content than the file has. */
function joinTurns(roots: readonly Branch[]): Turn[] | undefined {
  const turns: Turn[] = [];
  const open = roots.toReversed().map((branch): Turn => ({ branch, parent: undefined, parts: [] }));
  let given = 1_000_000;
  let written = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { branch, parent } = next;
    const { role } = branch.message;
    const turn: Turn = { ...next, parts: joinedParts(next.parts, branch.message.parts) };
    given += lengthOf(branch.message.parts);
    written += turn.parts.length;
    if (branch.children.length === 0 || branch.children.some((child) => child.message.role !== role)) {
      turns.push(turn);
      written += lengthOf(turn.parts);
    }
    if (written > given * MOST_COPIES) return undefined;
    for (const child of branch.children.toReversed()) {
      open.push(
        child.message.role === role ? { ...turn, branch: child, parent } : { branch: child, parent: branch, parts: [] },
      );
    }
  }
  return turns;
}

/** Characters of the texts in parts, whatever their kind. */
function lengthOf(parts: readonly MessagePart[]): number {
  const texts = parts.flatMap((part) => Object.values(part)).filter((value) => typeof value === 'string');
  return texts.reduce((sum, { length }) => sum + length, 0);
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

/** Makes one link of each circle a root. Returns how many circles there were. */
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

/** The turn that a branch was joined with, where it is no turn of its own. */
function emittedBelow(branch: Branch, ids: ReadonlyMap<Branch, string>): Branch {
  let at = branch;
  for (let next = at.children.at(-1); !ids.has(at) && next !== undefined; next = at.children.at(-1)) at = next;
  return at;
}

function cutTitle(title: string): string {
  return [...title.trim().slice(0, TITLE_LENGTH * 2)].slice(0, TITLE_LENGTH).join('');
}
