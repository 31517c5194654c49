/** Key of a node whose content is filled in later, such as a formula. */
const atomicKeys = new WeakMap<Node, string>();

/** Marks a node as atomic: it is kept while the new tree has the same key at its position, else replaced. */
export function markAtomic(node: Node, key: string): void {
  atomicKeys.set(node, key);
}

/** Makes the children of `parent` from `first` on equal to `wanted`, and keeps equal nodes with their selections. */
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
  const [heldKey, wantedKey] = [atomicKeys.get(held), atomicKeys.get(wanted)];
  if (heldKey !== undefined || wantedKey !== undefined) {
    if (heldKey === wantedKey) return held;
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
