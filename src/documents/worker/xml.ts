import { Parser } from 'htmlparser2';
import { type Archive, resolveName } from './archive.ts';

type Attributes = Readonly<Record<string, string>>;

export interface XmlHandler {
  /** @param name without its namespace's prefix; attributes keep theirs */
  open?(name: string, attributes: Attributes): void;
  text?(text: string): void;
  close?(name: string): void;
}

/** Reads a file of an archive as it is unpacked. Entities that a DOCTYPE declares stay as they are; nothing is fetched. */
export async function readXml(archive: Archive, name: string, handler: XmlHandler): Promise<void> {
  const parser = new Parser(
    {
      onopentag: (tag, attributes) => handler.open?.(localName(tag), attributes),
      ontext: (text) => handler.text?.(text),
      onclosetag: (tag) => handler.close?.(localName(tag)),
    },
    { xmlMode: true },
  );
  const decoder = new TextDecoder();
  await archive.read(name, (piece) => parser.write(decoder.decode(piece, { stream: true })));
  parser.end();
}

/** Of an Office document: the names of the files that one of its files refers to, by the id and by the kind of the reference. */
export async function readRelations(archive: Archive, name: string): Promise<ReadonlyMap<string, string>> {
  const targets = new Map<string, string>();
  const slash = name.lastIndexOf('/') + 1;
  await readXml(archive, `${name.slice(0, slash)}_rels/${name.slice(slash)}.rels`, {
    open(tag, { Id = '', Type = '', Target = '', TargetMode }) {
      if (tag !== 'Relationship' || TargetMode === 'External') return;
      const target = resolveName(name, Target);
      targets.set(Id, target);
      targets.set(Type.slice(Type.lastIndexOf('/') + 1), target);
    },
  });
  return targets;
}

/** Of an Office document. */
export async function readTitle(archive: Archive): Promise<string | undefined> {
  let title = '';
  let isInside = false;
  await readXml(archive, 'docProps/core.xml', {
    open(name) {
      isInside = name === 'title';
    },
    text(text) {
      if (isInside) title += text;
    },
    close() {
      isInside = false;
    },
  });
  return title.trim() || undefined;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
