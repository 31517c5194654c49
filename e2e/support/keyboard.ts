import { expect, type Page } from '@playwright/test';

/** More stops than lie between any two places. */
const MOST_STOPS = 60;

interface Stop {
  readonly name: string;
  /** What the card, the message or the entry in a list is called that it stands in. */
  readonly within: string;
  /** It is in view, nothing lies over all of it, and something shows that it has the focus. */
  readonly isSeen: boolean;
}

/** The user without a mouse. */
export class Keyboard {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.#page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    await this.#page.keyboard.type(text);
  }

  /**
   * Continues with Tab, or back with Shift+Tab, until it is at the control of this name; every stop on the way has to be
   * seen.
   */
  async tabTo(name: RegExp, { back = false, within }: { back?: boolean; within?: RegExp } = {}): Promise<void> {
    const passed: string[] = [];
    for (let count = 0; count < MOST_STOPS; count += 1) {
      await this.press(back ? 'Shift+Tab' : 'Tab');
      const stop = await this.#stop();
      if (stop.name !== '') expect(stop.isSeen, `the focus on “${stop.name}” is seen`).toBe(true);
      passed.push(stop.name);
      if (name.test(stop.name) && (within?.test(stop.within) ?? true)) return;
    }
    throw new Error(`It never came to ${name}, only to: ${passed.join(' | ')}`);
  }

  /** Waits until the focus is on the control of this name. */
  async expectAt(name: RegExp): Promise<void> {
    await expect.poll(async () => (await this.#stop()).name).toMatch(name);
  }

  /** What has the focus, through all shadow roots. */
  #stop(): Promise<Stop> {
    return this.#page.evaluate(() => {
      let at = document.activeElement;
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
      if (!(at instanceof HTMLElement) || at === document.body) return { name: '', within: '', isSeen: false };
      const focused = at;
      const words = at.ariaLabel ?? at.closest('label')?.textContent ?? at.textContent ?? '';
      const frames = [at, at.closest('label'), at.closest('form'), at.closest('.field')];
      // The field of the composer leaves the ring to its frame, a radio button to its label.
      const hasRing = frames.some((frame) => {
        if (frame === null) return false;
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(frame);
        return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
      });
      return { name: tidy(words), within: tidy(surroundingsOf(at)), isSeen: hasRing && isInView() };

      /** At its middle or in one of its corners it is what a click would meet (WCAG 2.4.11). */
      function isInView(): boolean {
        const box = (focused.closest('label') ?? focused).getBoundingClientRect();
        const inset = Math.min(4, box.width / 4, box.height / 4);
        const across = [box.left + inset, (box.left + box.right) / 2, box.right - inset];
        const down = [box.top + inset, (box.top + box.bottom) / 2, box.bottom - inset];
        return across.some((x) => down.some((y) => isHitAt(x, y)));
      }

      function isHitAt(x: number, y: number): boolean {
        let hit = document.elementFromPoint(x, y);
        for (let inner = hit; inner !== null && hit !== null; ) {
          inner = hit.shadowRoot?.elementFromPoint(x, y) ?? null;
          if (inner === hit) break;
          hit = inner ?? hit;
        }
        for (let node: Node | null = hit; node !== null; node = parentOf(node)) {
          if (node === focused || node === focused.closest('label')) return true;
        }
        return false;
      }

      function surroundingsOf(element: Element): string {
        for (let node: Node | null = element; node !== null; node = parentOf(node)) {
          if (!(node instanceof HTMLElement) || !node.matches('article, li, dialog')) continue;
          return node.ariaLabel ?? node.textContent ?? '';
        }
        return '';
      }

      function parentOf(node: Node): Node | null {
        return node.parentNode ?? (node instanceof ShadowRoot ? node.host : null);
      }

      function tidy(text: string): string {
        return text.trim().replace(/\s+/g, ' ');
      }
    });
  }
}
