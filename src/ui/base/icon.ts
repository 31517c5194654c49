import arrowDown from 'lucide-static/icons/arrow-down.svg?raw';
import arrowUp from 'lucide-static/icons/arrow-up.svg?raw';
import check from 'lucide-static/icons/check.svg?raw';
import chevronDown from 'lucide-static/icons/chevron-down.svg?raw';
import chevronLeft from 'lucide-static/icons/chevron-left.svg?raw';
import chevronRight from 'lucide-static/icons/chevron-right.svg?raw';
import circleAlert from 'lucide-static/icons/circle-alert.svg?raw';
import circleCheck from 'lucide-static/icons/circle-check.svg?raw';
import copy from 'lucide-static/icons/copy.svg?raw';
import download from 'lucide-static/icons/download.svg?raw';
import hardDrive from 'lucide-static/icons/hard-drive.svg?raw';
import info from 'lucide-static/icons/info.svg?raw';
import keyboard from 'lucide-static/icons/keyboard.svg?raw';
import library from 'lucide-static/icons/library.svg?raw';
import menu from 'lucide-static/icons/menu.svg?raw';
import message from 'lucide-static/icons/message-square.svg?raw';
import panel from 'lucide-static/icons/panel-left.svg?raw';
import pause from 'lucide-static/icons/pause.svg?raw';
import pencil from 'lucide-static/icons/pencil.svg?raw';
import rotate from 'lucide-static/icons/rotate-ccw.svg?raw';
import search from 'lucide-static/icons/search.svg?raw';
import settings from 'lucide-static/icons/settings.svg?raw';
import shield from 'lucide-static/icons/shield-check.svg?raw';
import sliders from 'lucide-static/icons/sliders-horizontal.svg?raw';
import stop from 'lucide-static/icons/square.svg?raw';
import newChat from 'lucide-static/icons/square-pen.svg?raw';
import trash from 'lucide-static/icons/trash-2.svg?raw';
import alert from 'lucide-static/icons/triangle-alert.svg?raw';
import close from 'lucide-static/icons/x.svg?raw';
import { customElement } from '../lib/custom-element.ts';

const SOURCES: Record<string, string> = {
  alert,
  'arrow-down': arrowDown,
  'arrow-up': arrowUp,
  check,
  'chevron-down': chevronDown,
  'chevron-left': chevronLeft,
  'chevron-right': chevronRight,
  'circle-alert': circleAlert,
  'circle-check': circleCheck,
  close,
  copy,
  download,
  'hard-drive': hardDrive,
  info,
  keyboard,
  library,
  menu,
  message,
  'new-chat': newChat,
  panel,
  pause,
  pencil,
  rotate,
  search,
  settings,
  shield,
  sliders,
  stop,
  trash,
};

const parsed = new Map<string, Element>();

/** Adds icons that the first view does not show; the components that show them bring them. */
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
