export interface DecodeOptions {
  readonly modelUrl: string;
  readonly libraryUrl: string;
  readonly prompt: string;
  readonly maxTokens: number;
}

export interface DecodeFigures {
  readonly timeToFirstTokenMs: number;
  readonly decodeTokensPerSecond: number;
  readonly text: string;
}

interface AnswerPart {
  readonly text: string;
  readonly completionTokens: number | undefined;
}

/** Measures an answer where the page receives it, in the same way for each engine, without the engine's own figures. */
export async function measureDecode(parts: AsyncIterable<AnswerPart>): Promise<DecodeFigures> {
  const start = performance.now();
  let text = '';
  let firstAt: number | undefined;
  let lastAt = start;
  let completionTokens = 0;
  for await (const part of parts) {
    if (part.text !== '') {
      text += part.text;
      lastAt = performance.now();
      firstAt ??= lastAt;
    }
    completionTokens = part.completionTokens ?? completionTokens;
  }
  if (firstAt === undefined) throw new Error('the answer was empty');
  return {
    timeToFirstTokenMs: firstAt - start,
    decodeTokensPerSecond: ((completionTokens - 1) * 1000) / (lastAt - firstAt),
    text,
  };
}
