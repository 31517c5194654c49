import { afterAll } from 'vitest';
import { describeAiSdk } from './testing/ai-sdk-suite.ts';
import { describeOpenAiClient } from './testing/openai-suite.ts';
import { openToyAlcove, WEBLLM_TOY } from './testing/toy-alcove.ts';

const alcove = await openToyAlcove('webllm');
afterAll(() => alcove.dispose());

const suite = { alcove, model: WEBLLM_TOY, hasEmbeddings: false };
describeOpenAiClient('works on web-llm', suite);
describeAiSdk('works on web-llm', suite);
