/** Makes the package's types of what tsc has written: only what hosts can reach, and no import of another package. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';

/**
 * What our public types use of libraries that are inside the package. A host does not have the libraries, and a type that does
 * not resolve is `any` there.
 */
const LIBRARIES: Readonly<Record<string, string>> = {
  lit: `export declare class LitElement extends HTMLElement {
  static readonly styles?: unknown;
  readonly renderRoot: HTMLElement | DocumentFragment;
  readonly hasUpdated: boolean;
  /** Resolves after the next render. */
  readonly updateComplete: Promise<boolean>;
  connectedCallback(): void;
  disconnectedCallback(): void;
  protected createRenderRoot(): HTMLElement | DocumentFragment;
  protected scheduleUpdate(): void | Promise<unknown>;
  protected shouldUpdate(changed: PropertyValues): boolean;
  protected willUpdate(changed: PropertyValues): void;
  protected firstUpdated(changed: PropertyValues): void;
  protected updated(changed: PropertyValues): void;
  protected render(): unknown;
}
export type PropertyValues<Element = unknown> = ReadonlyMap<keyof Element | PropertyKey, unknown>;
export type TemplateResult = object;
export type CSSResult = object;
export declare const nothing: unique symbol;
`,
  idb: `export type DBSchema = object;
export type IDBPDatabase<Schema = unknown> = IDBDatabase & { readonly schema?: Schema };
export interface OpenDBCallbacks<Schema> {
  upgrade?(database: IDBPDatabase<Schema>, ...rest: never[]): void;
}
`,
};

/** Modules of the host's own: who imports the types for a framework has that framework. */
const FRAMEWORKS = ['react', 'preact', 'solid-js', 'vue', 'svelte/elements'];

const RELATIVE = /(\bfrom |\bimport\()(['"])(\.\.?\/[^'"\n]*)\.(?:ts|js)\2/g;
const SIDE_EFFECT = /^import ['"][^'"\n]+['"];\n/gm;
const LIBRARY = /(\bfrom |\bimport\()(['"])([^.'"\n][^'"\n]*)\2/g;

/**
 * @param folder with tsc's declarations
 * @param entries the files that package.json names, relative to the folder
 */
export function tidyTypes(folder: string, entries: readonly string[]): void {
  const kept = new Set<string>();
  const keep = (file: string): void => {
    if (kept.has(file)) return;
    kept.add(file);
    // tsc leaves `.ts` in specifiers, which a host's compiler may refuse, and imports that only load other components.
    const text = readFileSync(join(folder, file), 'utf8')
      .replace(SIDE_EFFECT, '')
      .replace(RELATIVE, '$1$2$3.js$2')
      .replace(LIBRARY, (_, before: string, quote: string, name: string) => {
        if (FRAMEWORKS.includes(name)) return `${before}${quote}${name}${quote}`;
        if (!(name in LIBRARIES))
          throw new Error(`${file} needs the types of ${name}: describe them in library-types.ts.`);
        return `${before}${quote}${pathTo(`libraries/${name}.js`, file)}${quote}`;
      });
    writeFileSync(join(folder, file), text);
    for (const [, , , path = ''] of text.matchAll(RELATIVE)) {
      const target = normalize(join(dirname(file), `${path}.d.ts`))
        .split(sep)
        .join('/');
      if (!target.startsWith('libraries/')) keep(target);
    }
  };
  entries.forEach(keep);
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.d.ts') && !kept.has(name.split(sep).join('/'))) rmSync(join(folder, name));
  }
  mkdirSync(join(folder, 'libraries'));
  for (const [name, text] of Object.entries(LIBRARIES)) writeFileSync(join(folder, 'libraries', `${name}.d.ts`), text);
}

function pathTo(target: string, from: string): string {
  const path = relative(dirname(from), target).split(sep).join('/');
  return path.startsWith('.') ? path : `./${path}`;
}
