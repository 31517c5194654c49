import type { Page } from '@playwright/test';

interface TreeNode {
  readonly role: string;
  readonly name: string;
  /** How it is spoken when it changes: `polite`, `assertive`, or empty. */
  readonly live: string;
  /** All that is written in it. */
  readonly text: string;
}

/** What the browser tells a screen reader of the page. */
export async function accessibilityTree(page: Page): Promise<readonly TreeNode[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const textOf = (id: string): string => {
    const node = byId.get(id);
    if (node === undefined) return '';
    if (node.role?.value === 'StaticText') return String(node.name?.value ?? '');
    return (node.childIds ?? []).map(textOf).join(' ').trim();
  };
  return nodes
    .filter(({ ignored }) => !ignored)
    .map(({ nodeId, role, name, properties = [] }) => ({
      role: String(role?.value ?? ''),
      name: String(name?.value ?? ''),
      live: String(properties.find((property) => property.name === 'live')?.value.value ?? ''),
      text: textOf(nodeId),
    }));
}
