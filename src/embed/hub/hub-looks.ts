/**
 * The custom properties of a page that a hub takes over: colours, lengths and fonts. The page sends their computed values, so that
 * a length does not mean another one in the frame, and a colour is that of the page's scheme. The hub reads no other form: in
 * none of them is a `url()`, or a `var()` of the hub.
 */
import { type Fields, field } from '../../platform/untrusted-json.ts';

type Kind = 'colour' | 'length' | 'font';

const COLOURS = [
  'surface',
  'surface-raised',
  'surface-sunken',
  'hover',
  'text',
  'text-muted',
  'border',
  'border-strong',
  'accent',
  'on-accent',
  'accent-text',
  'accent-soft',
  'question',
  'search-highlight',
  'danger',
  'danger-soft',
  'warning',
  'warning-soft',
  'success',
];
const LENGTHS = ['font-size', 'radius', 'radius-large', 'column', 'header-inset-start', 'header-inset-end'];
const FONTS = ['font', 'font-mono'];

/** The names of the properties, each with what its value is. */
export const LOOKS: ReadonlyMap<string, Kind> = new Map([
  ...ofKind(COLOURS, 'colour'),
  ...ofKind(LENGTHS, 'length'),
  ...ofKind(FONTS, 'font'),
]);

/** The properties that a page has set, by their names. */
export type Looks = Readonly<Record<string, string>>;

/** The CSS property whose computed values are those of a kind. */
export const CSS_PROPERTIES: Readonly<Record<Kind, string>> = {
  colour: 'color',
  // Accepts a percentage, and is not inherited.
  length: 'left',
  font: 'font-family',
};

/** Computed values, as browsers write them. */
const FORMS: Readonly<Record<Kind, RegExp>> = {
  colour: /^(rgba?|color|lab|lch|oklab|oklch)\([\w\s.,%/+-]{1,100}\)$/,
  length: /^\d{1,9}(\.\d{1,9})?(px|%)$/,
  font: /^[^\\(){};/*@<>]{1,500}$/,
};

/** The known properties among these, as far as their values are of their kind. */
export function readLooks(values: Fields): Looks {
  const looks: Record<string, string> = {};
  for (const [name, kind] of LOOKS) {
    const value = field(values, name);
    if (typeof value !== 'string' || !FORMS[kind].test(value)) continue;
    if (CSS.supports(CSS_PROPERTIES[kind], value)) looks[name] = value;
  }
  return looks;
}

/** Gives an element these looks, and takes from it those that it had. */
export function wearLooks(element: HTMLElement, looks: Looks): void {
  for (const name of LOOKS.keys()) {
    if (looks[name] === undefined) element.style.removeProperty(name);
    else element.style.setProperty(name, looks[name]);
  }
}

function ofKind(names: readonly string[], kind: Kind): (readonly [string, Kind])[] {
  return names.map((name) => [`--alcove-${name}`, kind]);
}
