/**
 * The layout of src: which folder may import from which, and how many files a folder may hold. `npm run lint` checks it.
 * Biome can forbid a path but knows no order of folders, and dependency-cruiser needs TypeScript's JavaScript API, which
 * TypeScript 7 no longer has (docs/decisions/2026-11-30-layout-check.md).
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';

/** Rooms of src, lowest first. A room imports from the rooms of lower levels only, and never from its neighbours. */
const ROOMS = [
  ['platform', 'locales'],
  ['chat', 'models', 'sw'],
  ['engine', 'download', 'storage'],
  ['documents'],
  ['session'],
  ['ui'],
  ['embed', 'api'],
];

/** Folders inside a room, lowest first, in the same way; `.` is the room's own folder. A folder not named stands alone. */
const FOLDERS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  chat: [['settings'], ['.'], ['prompt', 'search', 'formats']],
  models: [['.'], ['engines', 'gguf'], ['fit'], ['catalogue']],
  engine: [
    ['.'],
    ['stream', 'grammar'],
    ['worker-engine'],
    ['webllm', 'wllama', 'server', 'browser', 'scripted', 'shared', 'benchmark'],
  ],
  download: [['.']],
  documents: [['.'], ['retrieval', 'pictures']],
  storage: [['.'], ['weights', 'chats'], ['chats/transfer']],
  api: [['.'], ['prompt-api']],
  embed: [['.'], ['frameworks']],
  session: [['state'], ['chats', 'runtime'], ['models'], ['models/add', 'generation'], ['.']],
  ui: [
    ['contract'],
    ['lib'],
    ['base'],
    ['errors', 'voice', 'privacy', 'markdown'],
    ['models', 'history'],
    ['models/add', 'settings'],
    ['storage', 'projects'],
    ['chat'],
    ['shell'],
  ],
};

/** Imports beside the order, each with its reason. */
const ALSO_ALLOWED: readonly (readonly [from: RegExp, to: RegExp])[] = [
  // A download is written into the weight store.
  [/^download\//, /^storage\//],
  // The worker half of an engine reads the weights where they are stored.
  [/^engine\/.*worker\//, /^storage\/weights\//],
];

/** Files directly in a folder; tests beside them do not count. */
const MOST_FILES = 30;

export interface LayoutFault {
  readonly file: string;
  readonly reason: string;
}

/** @param root the folder that holds `src` */
export function findLayoutFaults(root: string): readonly LayoutFault[] {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).map((file) =>
    file.split(sep).join('/'),
  );
  const sources = files.filter((file) => file.endsWith('.ts') && !/\.test\.ts$|(^|\/)(testing|locales)\//.test(file));
  return [...sources.flatMap((file) => wrongImports(root, file)), ...crowdedFolders(sources)];
}

function wrongImports(root: string, file: string): LayoutFault[] {
  return importsOf(root, file)
    .filter((target) => !mayImport(file, target))
    .map((target) => ({ file, reason: `may not import from ${dirname(target)} (${target})` }));
}

/** Imports of values and of types, also those inside `import(…)`, as paths below src. */
function importsOf(root: string, file: string): string[] {
  const text = readFileSync(join(root, 'src', file), 'utf8');
  return [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^'?]+)/g)]
    .map(([, specifier = '']) =>
      normalize(join(dirname(file), specifier))
        .split(sep)
        .join('/'),
    )
    .filter((target) => target.endsWith('.ts') && existsSync(join(root, 'src', target)));
}

function mayImport(file: string, target: string): boolean {
  if (ALSO_ALLOWED.some(([from, to]) => from.test(file) && to.test(target))) return true;
  const [room = '', ...folders] = dirname(file).split('/');
  const [targetRoom = '', ...targetFolders] = dirname(target).split('/');
  // The page's entry, src/main.ts, stands above all rooms.
  if (room === '.') return true;
  // The service worker is a program of its own.
  if (targetRoom === 'sw') return room === 'sw';
  if (room !== targetRoom) return levelOf(ROOMS, room) > levelOf(ROOMS, targetRoom);
  const order = FOLDERS[room] ?? [];
  const from = subjectOf(order, folders);
  const to = subjectOf(order, targetFolders);
  return from === to || levelOf(order, from) > levelOf(order, to);
}

/** The folder that the order knows: `weights/worker` belongs to `weights`, unless it is named itself. */
function subjectOf(order: readonly (readonly string[])[], folders: readonly string[]): string {
  const names = order.flat();
  for (let length = folders.length; length > 0; length -= 1) {
    const name = folders.slice(0, length).join('/');
    if (names.includes(name)) return name;
  }
  return '.';
}

/** What is not in the order is as high as anything: nothing in it may be imported. */
function levelOf(order: readonly (readonly string[])[], name: string): number {
  const level = order.findIndex((names) => names.includes(name));
  return level === -1 ? order.length : level;
}

function crowdedFolders(files: readonly string[]): LayoutFault[] {
  return [...new Set(files.map((file) => dirname(file)))]
    .map((folder) => ({ folder, count: files.filter((file) => dirname(file) === folder).length }))
    .filter(({ count }) => count > MOST_FILES)
    .map(({ folder, count }) => ({ file: folder, reason: `holds ${count} files, ${MOST_FILES} are the most` }));
}
