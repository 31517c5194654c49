/**
 * Words that this project no longer uses, each with what to write instead. They were private names or a foreign idiom, and
 * nobody else would have searched for them. `npm run verify` looks for them in code, comments, docs and interface texts.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

const RETIRED: readonly (readonly [word: RegExp, instead: string])[] = [
  [/\b(the reader|the reader's|somebody|whoever|persons?)\b/i, 'the user'],
  [/(?<![a-z])rungs?(?![a-z])|Rungs?(?![a-z])/, 'backend'],
  [/ladder/i, 'backend ranking, or BackendSelector'],
  [/RunWay|(?<![a-z])wayWords|\bway of running\b/, 'backend'],
  [/\b(foretold|foretells?)\b/i, 'predicted, predicts'],
  [/\bheirs?\b/i, 'the parts that depend on it'],
  [/\bdearness|\bdearer\b/i, 'cost factor, more expensive'],
  [/\b(is|are|was|were|be) told\b/i, 'is reported'],
  [/\bbegun\b/i, 'started'],
  [/\b(goes|go|went|going) on\b/i, 'continues'],
  [/\b(comes|come|came) to\b(?= [a-z]+[.,;:]| \d)/i, 'results in, is'],
  [/leftover/i, 'foreign cache'],
  [/(?<![a-z])(un)?seal(s|ed|ing)?(?![a-z])|Seal(ed|ing)?(?![a-z])/, 'encrypt, encrypted'],
  [/\bown[ -]servers?\b|ownServers?|OwnServers?/, 'custom server'],
  [/verdict/i, 'fit, or run result'],
  [/\bset(s|ting)? aside\b|setAside/i, 'keep as a sibling'],
  [/\bcrowded\b/i, 'loaded (of a machine)'],
  [/\bfound words\b|foundWords/i, 'search highlight'],
  [/\bunseen messages\b/i, 'find in page'],
  [/(?<![a-z])meetings?(?![a-z])|Meeting/, 'barrier'],
  [/(?<![a-z])halt(s|ed)?(?![a-z])|Halt/, 'pause, pause reason'],
  [/(?<![a-z])shelf(?![a-z])|Shelf/, 'registry'],
  [/dialogue/i, 'chat, or ChatController'],
  [/\bfit ?book\b/i, 'fit cache'],
  [/\bwhat (comes?|came|becomes?|became) of\b/i, 'the result of'],
  [/\bfor ever\b/i, 'forever, endlessly'],
  [/\b(breaks|broke|broken) off\b/i, 'is cut off'],
  [/\ball the same\b/i, 'still'],
  [/\banew\b/i, 'again'],
  [/\bcan be had\b/i, 'is available, can be saved'],
  [/\b(said|told|refused|fails?|named) in (plain |our )?words\b/i, 'gets a message'],
  [/\bin the midst\b/i, 'during, in the middle'],
  [/\b(lies|lie|lay) (in|on|at|where|beside|behind)\b/i, 'is in, is stored in'],
  [/\bstands? (still|beside)\b/i, 'is paused, is next to'],
];

/** What stays as it is on users' disks and in other people's formats. */
const STORED: readonly (readonly [file: RegExp, word: RegExp])[] = [
  // Runs and marks of earlier builds hold their backend as `way.rung`.
  [/^src\/storage\/run-history-store(\.test)?\.ts$/, /\brung\b/],
  // The benchmark's field for the time of a barrier.
  [/^src\/session\/models\/device-benchmark\.ts$/, /\bsecondsPerMeeting\b/],
  // The weight store's field for why a download paused.
  [/^src\/storage\/weights\/weight-store(-schema)?\.ts$/, /\bhalt\b/],
  // The title of a chat in the recorded profile of 0.1.0.
  [/^e2e\/(earlier-profile\.spec|profiles\/record-profile)\.ts$/, /\bBroken off\b/],
  // The title of the decision that was replaced.
  [/^docs\/decisions\/2026-11-30-encrypted-backups-with-age\.md$/, /"Backups are sealed with/],
];

const LOOKED_AT = /\.(ts|js|html|css|md)$/;
/** Other people's words. */
const LICENCES = 'THIRD-PARTY-NOTICES.md';
const NOT_OURS = /(^|\/)(node_modules|locales|results|toy-model|native)\/|^public\/models\/|retired-words/;

export interface RetiredWord {
  /** Path below the root, with the line: `src/main.ts:3`. */
  readonly place: string;
  readonly word: string;
  readonly instead: string;
}

/** @param root the project's folder */
export function findRetiredWords(root: string): readonly RetiredWord[] {
  const folders = ['src', 'e2e', 'bench', 'tools', 'docs', 'examples', 'public'];
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  const papers = readdirSync(root).filter((file) => LOOKED_AT.test(file) && file !== LICENCES);
  return [...papers, ...files]
    .map((file) => file.split(sep).join('/'))
    .filter((file) => LOOKED_AT.test(file) && !NOT_OURS.test(file))
    .flatMap((file) => retiredWordsIn(readFileSync(join(root, file), 'utf8'), file));
}

/** @param file its path, for what is stored under an old name */
export function retiredWordsIn(text: string, file: string): RetiredWord[] {
  return text.split('\n').flatMap((line, index) =>
    RETIRED.flatMap(([pattern, instead]) => {
      const word = pattern.exec(line)?.[0];
      if (word === undefined || STORED.some(([path, stored]) => path.test(file) && stored.test(line))) return [];
      return [{ place: `${file}:${index + 1}`, word, instead }];
    }),
  );
}
