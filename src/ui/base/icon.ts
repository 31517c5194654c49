import arrowUp from 'lucide-static/icons/arrow-up.svg?raw';
import chevronDown from 'lucide-static/icons/chevron-down.svg?raw';
import menu from 'lucide-static/icons/menu.svg?raw';
import message from 'lucide-static/icons/message-square.svg?raw';
import shield from 'lucide-static/icons/shield-check.svg?raw';
import sliders from 'lucide-static/icons/sliders-horizontal.svg?raw';
import stop from 'lucide-static/icons/square.svg?raw';
import close from 'lucide-static/icons/x.svg?raw';
import { customElement } from '../lib/custom-element.ts';

const SOURCES: Record<string, string> = {
  'arrow-up': arrowUp,
  'chevron-down': chevronDown,
  close,
  menu,
  message,
  shield,
  sliders,
  stop,
};

const parsed = new Map<string, Element>();

/** Adds icons that the shell of an embedded chat does not show; the components that show them bring them. */
export function addIcons(sources: Readonly<Record<string, string>>): void {
  Object.assign(SOURCES, sources);
}

/**
 * @summary One icon of the set, as large as the text around it. It is decorative: its control has the accessible name.
 */
export class Icon extends HTMLElement {
  static readonly observedAttributes = ['name'];

  connectedCallback(): void {
    this.ariaHidden = 'true';
    this.#draw();
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.#draw();
  }

  #draw(): void {
    const name = this.getAttribute('name') ?? '';
    if (name in SOURCES) this.replaceChildren(shape(name).cloneNode(true));
  }
}

function shape(name: string): Element {
  const known = parsed.get(name);
  if (known !== undefined) return known;
  const svg = iconOf(SOURCES[name] ?? '');
  parsed.set(name, svg);
  return svg;
}

/**
 * Makes a new icon from its SVG, for components that load later and bring their own icons. The files of the set are lists of
 * shapes; the browser's parser is not used, because a host page's policy may forbid it (Trusted Types).
 */
export function iconOf(source: string): Element {
  const [svg, ...shapes] = Array.from(source.matchAll(/<(\w+)([^>]*)>/g), ([, name = '', attributes = '']) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [, key = '', value = ''] of attributes.matchAll(/([\w-]+)="([^"]*)"/g)) element.setAttribute(key, value);
    return element;
  });
  if (svg === undefined) throw new Error('an icon without an <svg>');
  svg.append(...shapes);
  for (const name of ['class', 'xmlns']) svg.removeAttribute(name);
  for (const name of ['width', 'height']) svg.setAttribute(name, '1.25em');
  svg.setAttribute('stroke-width', '1.5');
  // Else the icon would be an inline element, with room for descenders below it.
  svg.setAttribute('display', 'block');
  return svg;
}

customElement('alcove-icon')(Icon);

declare global {
  interface HTMLElementTagNameMap {
    'alcove-icon': Icon;
  }
}
