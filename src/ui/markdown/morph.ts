/** What a node shows that is filled later than it is built: formulas. */
const seals = new WeakMap<Node, string>();

/** Marks a node as one piece: it is kept as it is while its place wants the same key, else replaced. */
export function seal(node: Node, key: string): void {
  seals.set(node, key);
}

/**
 * Makes the nodes in `parent` from `first` on like `wanted`, keeping each node that is already right: what did not
 * change is not touched, so that a selection in it stays and its layout is kept.
 */
export function morphNodes(parent: Node, current: readonly ChildNode[], wanted: readonly Node[]): ChildNode[] {
  const result: ChildNode[] = [];
  const after = current.at(-1)?.nextSibling ?? null;
  for (const [index, node] of wanted.entries()) {
    const held = current[index];
    if (held === undefined) {
      parent.insertBefore(node, after);
      result.push(node as ChildNode);
    } else {
      result.push(morphNode(held, node as ChildNode));
    }
  }
  for (const surplus of current.slice(wanted.length)) surplus.remove();
  return result;
}

function morphNode(held: ChildNode, wanted: ChildNode): ChildNode {
  const [heldSeal, wantedSeal] = [seals.get(held), seals.get(wanted)];
  if (heldSeal !== undefined || wantedSeal !== undefined) {
    if (heldSeal === wantedSeal) return held;
    held.replaceWith(wanted);
    return wanted;
  }
  if (held instanceof Text && wanted instanceof Text) {
    if (held.data !== wanted.data) {
      if (wanted.data.startsWith(held.data)) held.appendData(wanted.data.slice(held.data.length));
      else held.data = wanted.data;
    }
    return held;
  }
  if (held instanceof Element && wanted instanceof Element && held.tagName === wanted.tagName) {
    morphAttributes(held, wanted);
    morphNodes(held, [...held.childNodes], [...wanted.childNodes]);
    return held;
  }
  held.replaceWith(wanted);
  return wanted;
}

function morphAttributes(held: Element, wanted: Element): void {
  for (const { name } of [...held.attributes]) {
    if (!wanted.hasAttribute(name)) held.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (held.getAttribute(name) !== value) held.setAttribute(name, value);
  }
}
