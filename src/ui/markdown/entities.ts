import { ENTITY_TABLE } from './entity-table.ts';

let named: ReadonlyMap<string, string> | undefined;

/** Replaces HTML's character references by their characters; for text nodes only. Unknown ones stay as they are. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z][a-zA-Z0-9]{1,31}));/g, (whole, ...groups) => {
    const [decimal, hex, name] = groups;
    if (name !== undefined) return namedCharacters().get(name) ?? whole;
    const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return point === 0 || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)
      ? '\ufffd'
      : String.fromCodePoint(point);
  });
}

function namedCharacters(): ReadonlyMap<string, string> {
  named ??= new Map(
    ENTITY_TABLE.trim()
      .split(/[ \n]/)
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
  return named;
}
