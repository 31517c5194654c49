import { noChange } from 'lit';
import { Directive, directive, type ElementPart, type PartInfo, PartType } from 'lit/directive.js';

/**
 * Directive on an element: loads the module that defines the element, once the element is rendered. Lit keeps the
 * properties that are set before the module arrives. If the load fails, for instance offline, the next update tries
 * again.
 *
 *     html`<alcove-toast ${lazyElement(() => import('./toast.ts'))} .message=${message}></alcove-toast>`
 */
export const lazyElement = directive(
  class extends Directive {
    constructor(part: PartInfo) {
      super(part);
      if (part.type !== PartType.ELEMENT) throw new Error('lazyElement must be used on an element');
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
