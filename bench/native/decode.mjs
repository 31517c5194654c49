// node decode.mjs MODEL THREADS PROMPT TOKENS ROUNDS: decode rates of native llama.cpp, tokens/s, as JSON.
import { getLlama, LlamaChatSession } from 'node-llama-cpp';

const [, , modelPath, threads, prompt, maxTokens, rounds] = process.argv;
const llama = await getLlama({ gpu: false, build: 'never', maxThreads: Number(threads) });
const model = await llama.loadModel({ modelPath });
const rates = [];
for (let round = -1; round < Number(rounds); round++) {
  const context = await model.createContext({ contextSize: 2048, threads: Number(threads) });
  const session = new LlamaChatSession({ contextSequence: context.getSequence() });
  let first;
  let last;
  let count = 0;
  await session.prompt(prompt, {
    temperature: 0,
    maxTokens: Number(maxTokens),
    onToken: (tokens) => {
      last = performance.now();
      first ??= last;
      count += tokens.length;
    },
  });
  if (round >= 0) rates.push(((count - 1) * 1000) / (last - first));
  await context.dispose();
}
console.log(JSON.stringify(rates));
await llama.dispose();
