import { readFileSync } from 'node:fs';

/* What the package's types declare, for the tests of the pages that describe them. `npm run build` must have written the types. */

export function read(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
}

/** The public members of a class or an interface as tsc declares them, each on one line. */
export function membersOf(path: string, name: string): string[] {
  return allMembersOf(path, name)
    .filter((member) => !/^(#private|constructor\b|protected |static )/.test(member))
    .map((member) => member.replace(/^(readonly|[gs]et) /, ''))
    .map((member) => member.replace(/^(\w+): \{ readonly (\w+: \w+); \}$/, '$1.$2'));
}

/** The same, with a getter as an attribute: `readonly` unless there is a setter, which is no member of its own. */
export function attributesAndMethodsOf(path: string, name: string): string[] {
  const all = allMembersOf(path, name);
  const setters = all.flatMap((member) => /^set (\w+)\(/.exec(member)?.[1] ?? []);
  return all
    .filter((member) => !/^(#private|constructor\b|protected |static |set )/.test(member))
    .map((member) => {
      const [, attribute = '', type = ''] = /^get (\w+)\(\): (.*)$/.exec(member) ?? [];
      if (attribute === '') return member.replace(/^readonly /, '');
      return `${setters.includes(attribute) ? '' : 'readonly '}${attribute}: ${type}`;
    });
}

/** The names of the public members, each once. */
export function memberNamesOf(path: string, name: string): string[] {
  return [...new Set(membersOf(path, name).map((member) => /^\w+/.exec(member)?.[0] ?? member))];
}

/** `AlcoveOptions extends ModelSessionOptions` */
export function headOf(path: string, name: string): string {
  return `${name}${declarationOf(path, name).base.trimEnd()}`;
}

function allMembersOf(path: string, name: string): string[] {
  return declarationOf(path, name)
    .body.split(/;\n(?= {4}[^\s}])/)
    .map((member) => member.replace(/\s+/g, ' ').trim().replace(/;$/, ''))
    .filter((member) => member !== '');
}

function declarationOf(path: string, name: string): { readonly base: string; readonly body: string } {
  const source = read(`lib/types/${path}`).replace(/ *\/\*\*[\s\S]*?\*\/\n/g, '');
  const [, base = '', body] =
    new RegExp(`^export (?:declare class|interface) ${name}\\b([^{]*)\\{\\n([\\s\\S]*?)^\\}`, 'm').exec(source) ?? [];
  if (body === undefined) throw new Error(`no ${name} in ${path}`);
  return { base, body };
}
