/** Greatest nesting of quotes and lists; deeper ones are shown as source text. */
export const DEPTH_LIMIT = 20;

export interface Limited {
  readonly source: string;
  /** Whether something exceeded the limit. */
  readonly isLimited: boolean;
}

/** Escapes container markers past the depth limit: the lexer recurses for each, and ten thousand overflow its stack. */
export function limitNesting(source: string): Limited {
  if (!/(?:[ \t>]|[-*+] |\d[.)] ){20}/.test(source)) return { source, isLimited: false };
  const limited = source
    .split('\n')
    .map((line) => limitLine(line))
    .join('\n');
  return { source: limited, isLimited: limited !== source };
}

function limitLine(line: string): string {
  const marker = /[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))/y;
  let depth = 0;
  for (let match = marker.exec(line); match !== null; match = marker.exec(line)) {
    depth += 1;
    if (depth <= DEPTH_LIMIT) continue;
    const at = match.index + match[0].length - 1;
    return `${line.slice(0, at)}\\${line.slice(at)}`;
  }
  // Limits the indent too, since indentation alone nests lists.
  const indent = /^[ \t]*/.exec(line)?.[0].length ?? 0;
  return indent > DEPTH_LIMIT * 4 ? line.slice(indent - DEPTH_LIMIT * 4) : line;
}

/** A paragraph in an answer that says that a limit has changed how it is shown. */
export function limitNote(message: string): HTMLElement {
  const note = document.createElement('p');
  note.className = 'limit';
  note.textContent = message;
  return note;
}
