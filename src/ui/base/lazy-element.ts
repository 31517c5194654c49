import { noChange } from 'lit';
import { Directive, directive, type ElementPart, type PartInfo, PartType } from 'lit/directive.js';

/**
 * Fetches the definition of the element that it stands on, once the element is in the page. Properties that were set
 * before the definition arrives hold; Lit takes them over. A fetch that fails, for instance offline, is tried again with
 * the next update.
 *
 *     html`<alcove-toast ${lazyElement(() => import('./toast.ts'))} .message=${message}></alcove-toast>`
 */
export const lazyElement = directive(
  class extends Directive {
    constructor(part: PartInfo) {
      super(part);
      if (part.type !== PartType.ELEMENT) throw new Error('lazyElement stands on an element');
    }

    override render(_load: () => Promise<unknown>): typeof noChange {
      return noChange;
    }

    override update({ element }: ElementPart, [load]: [() => Promise<unknown>]): typeof noChange {
      if (customElements.get(element.localName) === undefined) load().catch(() => {});
      return noChange;
    }
  },
);
