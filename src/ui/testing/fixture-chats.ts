import type { Conversation, ConversationSummary, Message } from '../../chat/conversation.ts';
import { textParts } from '../../chat/message-parts.ts';
import { addMessage, createConversation } from '../../chat/tree.ts';
import { HOUR_MS, NOW } from './fixture-time.ts';

const ANSWER = `The Moon is **384,400 km** away on average. It is not always the same:

| Point | Distance |
|---|---:|
| Perigee | 363,300 km |
| Apogee | 405,500 km |

1. Light takes 1.28 seconds for it.
2. A car at 100 km/h would take
   - 160 days without a pause,
   - and has nowhere to park.

\`\`\`python
distance_km = 384_400
print(distance_km / 299_792.458)  # seconds, and this line is long enough to be wider than a narrow screen
\`\`\`

> See [NASA’s page](https://science.nasa.gov/moon/) for more.

![A picture](https://images.example.org/moon.png)

- [x] Answered
- [ ] Doubted`;

export const STATISTICS = {
  promptTokens: 34,
  completionTokens: 212,
  reusedTokens: 24,
  timeToFirstTokenMs: 380,
  prefillTokensPerSecond: 148,
  decodeTokensPerSecond: 23.4,
};

/** A message with what most tests are about: its text and reasoning. */
export interface MessageContent extends Partial<Message> {
  readonly text?: string;
  readonly reasoning?: string;
  readonly reasoningMs?: number;
}

type Draft = MessageContent & Pick<Message, 'id' | 'parentId' | 'role'>;

export function chatOf(id: string, title: string, drafts: readonly Draft[]): Conversation {
  let chat = { ...createConversation(id, NOW - HOUR_MS, 'qwen'), title };
  for (const { text, reasoning, reasoningMs, ...draft } of drafts) {
    chat = addMessage(chat, {
      status: 'complete',
      createdAt: NOW - HOUR_MS,
      parts: textParts(text ?? '', reasoning, reasoningMs),
      ...(draft.role === 'assistant' && { modelId: 'qwen' }),
      ...draft,
    });
  }
  return chat;
}

export const QUESTION: Draft = { id: 'q1', parentId: undefined, role: 'user', text: 'How far is the moon?' };
export const FIRST_ANSWER: Draft = { id: 'a1', parentId: 'q1', role: 'assistant', text: 'Far away.' };
export const FULL_ANSWER: Draft = { id: 'a2', parentId: 'q1', role: 'assistant', text: ANSWER, statistics: STATISTICS };
export const SECOND: Draft = {
  id: 'q2',
  parentId: 'a2',
  role: 'user',
  text: 'And how long would it take to walk there?\n\nShow your work.',
};

/** An answer with one of everything that Markdown can contain. */
export const FORMATTED = `The period of a pendulum[^1] is $T = 2\\pi\\sqrt{\\ell/g}$; a good watch costs $40 to $60.

$$
\\int_0^{\\infty} e^{-x^2}\\,dx = \\frac{\\sqrt{\\pi}}{2}, \\qquad A = \\begin{pmatrix} 1 & \\vec{x} \\\\ 0 & -1 \\end{pmatrix}
$$

\`\`\`typescript
// src/pendulum.ts
import { sqrt } from './maths.ts';

/** Seconds of one swing of a pendulum that is so many metres long. */
export function period(length: number, gravity = 9.81): number {
  if (length <= 0) throw new RangeError(\`a length of \${length} m\`);
  return 2 * Math.PI * sqrt(length / gravity); // small swings only, and this line is long enough to be wrapped
}
\`\`\`

\`\`\`diff
-const gravity = 9.8;
+const gravity = 9.81;
\`\`\`

- [x] measured
- [ ] ~~guessed~~ **to do**

> Read [the derivation](https://physics.example.org/pendulum), or
> [the long one](https://tracker.example.net/?d=VGhpcyBpcyBhIGxvbmcgcGllY2Ugb2YgdGV4dCB0aGF0IGNhcnJpZXMgYSBsb3Q).

| Length | Period | For |
|:--|--:|:-:|
| 1 m | 2.01 s | a clock |
| 67 m | 16.4 s | the [Panthéon](https://de.wikipedia.org/wiki/Panth%C3%A9on_(Paris)) |

[^1]: A weight on a string, as *Huygens* had it in 1656.
`;

function summary(id: string, title: string, hoursAgo: number): ConversationSummary {
  const at = NOW - hoursAgo * HOUR_MS;
  return { id, title, titleIsSet: false, createdAt: at, updatedAt: at, modelId: 'qwen', activeLeafId: 'x', tags: [] };
}

export const CHATS = [
  summary('chat-1', 'How far is the moon?', 1),
  summary('chat-2', 'A letter to the tax office about the second half of the year', 3),
  summary('chat-3', 'Boat story', 25),
  summary('chat-4', 'قصة القارب الصغير', 30),
  summary('chat-5', 'Rechtsschutzversicherungsgesellschaften im Vergleich', 80),
  summary('chat-6', 'Bread', 1_200),
];
