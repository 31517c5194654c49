import type { GenerateRequest, PromptMessage, ToolCall } from '../engine.ts';
import { promptText } from '../prompt-text.ts';

/**
 * Gives the whole completion for a prompt; `<think>…</think>` at its start becomes reasoning. If an answer is to be
 * continued and the completion begins with its text, only the rest is written.
 */
export type Script = (messages: readonly PromptMessage[], request: GenerateRequest) => string | ScriptedCompletion;

export interface ScriptedCompletion {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
}

const ANSWERS: Readonly<Record<string, string>> = {
  'What is the capital of France?': 'The capital of France is Paris.',
  'Think: what is 2 plus 9?': '<think>\nI add 2 and 9.\n</think>\n\nThe sum is 11.',
  'Show me markdown.': '# Title\n\nSome **bold**, some *italic* and some `code`.\n\n- first\n- second\n',
  'Tell me a long story.': Array.from(
    { length: 40 },
    (_, day) => `On day ${day + 1} the small boat sailed past the island, and the captain wrote it down.`,
  ).join(' '),
};

/** A few of the toy model's own prompts, the user's name over turns, else an echo. */
export const defaultScript: Script = (messages) => {
  const prompt = promptText(messages.findLast(({ role }) => role !== 'assistant')?.content ?? '');
  const known = ANSWERS[prompt];
  if (known !== undefined) return known;
  const given = nameIn(prompt);
  if (given !== undefined) return `Nice to meet you, ${given}.`;
  const name = messages.map(({ content }) => nameIn(promptText(content))).findLast((found) => found !== undefined);
  if (prompt === 'What is my name?' && name !== undefined) return `Your name is ${name}.`;
  return `You said: ${prompt}`;
};

function nameIn(text: string): string | undefined {
  return /^My name is (\w+)\.$/.exec(text)?.[1];
}
