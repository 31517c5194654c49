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

const SVG = 'http://www.w3.org/2000/svg';

/** What all icons of the set have; their files are without it (tools/icon-plugin.ts). */
const ATTRIBUTES = {
  viewBox: '0 0 24 24',
  width: '1.25em',
  height: '1.25em',
  fill: 'none',
  stroke: 'currentColor',
  'stroke-width': '1.5',
  'stroke-linecap': 'round',
  'stroke-linejoin': 'round',
  // Else the icon would be an inline element, with room for descenders below it.
  display: 'block',
};

/**
 * Makes a new icon from its shapes, for components that load later and bring their own icons. The browser's parser is not used,
 * because a host page's policy may forbid it (Trusted Types).
 */
export function iconOf(shapes: string): Element {
  const svg = document.createElementNS(SVG, 'svg');
  for (const [key, value] of Object.entries(ATTRIBUTES)) svg.setAttribute(key, value);
  for (const [, name = '', attributes = ''] of shapes.matchAll(/<(\w+)([^>]*)>/g)) {
    const shape = document.createElementNS(SVG, name);
    for (const [, key = '', value = ''] of attributes.matchAll(/([\w-]+)="([^"]*)"/g)) shape.setAttribute(key, value);
    svg.append(shape);
  }
  return svg;
}

customElement('alcove-icon')(Icon);

declare global {
  interface HTMLElementTagNameMap {
    'alcove-icon': Icon;
  }
}
