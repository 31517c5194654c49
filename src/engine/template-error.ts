/** Characters of a template's own words that are shown. */
const REASON_LENGTH = 200;

/**
 * What a chat template says about a conversation that it refuses, from the error of llama.cpp or of a server that runs it or
 * Transformers: "Jinja Exception: Conversation roles must alternate user/assistant/…".
 * @returns undefined for any other error
 */
export function templateReason(message: string): string | undefined {
  if (!/jinja|chat template|roles must alternate|raise_exception/i.test(message)) return undefined;
  const said = /(?:Jinja Exception|TemplateError|raise_exception)[^:\n]*:\s*([^\n]+)/i.exec(message)?.[1] ?? message;
  return said.trim().split('\n', 1)[0]?.slice(0, REASON_LENGTH);
}
