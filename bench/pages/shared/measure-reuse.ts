import type { Engine, PromptMessage } from '../../../src/engine/engine.ts';
import { RandomEdits } from '../../../src/engine/testing/random-edits.ts';
import type { ModelRecord } from '../../../src/models/model-record.ts';
import { measureDecode } from './measure-decode.ts';
import { answerParts } from './take-turns.ts';

/** Times to the first token, ms. */
export interface ReuseTimes {
  /** Of the long prompt, read as a whole. */
  readonly whole: number;
  readonly nextTurn: number;
  readonly again: number;
  readonly edit: number;
  readonly branch: number;
  readonly otherChat: number;
}

export interface EditedAnswer {
  readonly messages: readonly PromptMessage[];
  readonly text: string;
}

/** Long enough to tell engines apart, short enough for SwiftShader. */
export const EDIT_TOKENS = 4;

/** Asks one long chat in the ways in which its beginning is in the KV cache. @param history text of its first message */
export async function measureReuse(engine: Engine, model: ModelRecord, history: string): Promise<ReuseTimes> {
  const ask = async (messages: readonly PromptMessage[]): Promise<{ ms: number; chat: readonly PromptMessage[] }> => {
    const { timeToFirstTokenMs, text } = await measureDecode(answerTo(engine, model, messages));
    return { ms: timeToFirstTokenMs, chat: [...messages, { role: 'assistant', content: text }] };
  };
  const whole = await ask([user(history)]);
  const next = await ask([...whole.chat, question(1)]);
  const again = await ask([...whole.chat, question(1)]);
  const edit = await ask([...whole.chat, question(2)]);
  const branch = await ask([...whole.chat, question(1)]);
  await ask([user('Hello! How are you today?')]);
  const otherChat = await ask([...branch.chat, question(3)]);
  return {
    whole: whole.ms,
    nextTurn: next.ms,
    again: again.ms,
    edit: edit.ms,
    branch: branch.ms,
    otherChat: otherChat.ms,
  };
}

/** Answers to the prompts that random edits of a few chats cause. */
export async function answerEdits(
  engine: Engine,
  model: ModelRecord,
  { seed, count, questions }: { readonly seed: number; readonly count: number; readonly questions: readonly string[] },
): Promise<EditedAnswer[]> {
  const edits = new RandomEdits(seed, questions);
  const answers: EditedAnswer[] = [];
  for (let step = 0; step < count; step++) {
    const messages = edits.next();
    const text = await textOf(answerTo(engine, model, messages));
    edits.answer(text);
    answers.push({ messages, text });
  }
  return answers;
}

function answerTo(engine: Engine, model: ModelRecord, messages: readonly PromptMessage[]) {
  const sampling = { temperature: 0, maxTokens: EDIT_TOKENS };
  return answerParts(engine.generate({ model, messages, sampling }, new AbortController().signal));
}

/** An answer may be empty. */
async function textOf(parts: ReturnType<typeof answerParts>): Promise<string> {
  let text = '';
  for await (const part of parts) text += part.text;
  return text;
}

/** Questions of one length, which differ in their first words. */
function question(number: number): PromptMessage {
  return user(`${number}. Question number ${number}: what is the colour of the sky above the sea on a fine day?`);
}

function user(content: string): PromptMessage {
  return { role: 'user', content };
}
