import { afterAll } from 'vitest';
import { ONLY_TOOLS_TEMPLATE, withTemplate } from '../engine/wllama/testing/chat-template.ts';
import { describeAiSdk } from './testing/ai-sdk-suite.ts';
import { describeOpenAiClient } from './testing/openai-suite.ts';
import { openToyAlcove, TOY } from './testing/toy-alcove.ts';

// It was taught tools with the system message that this template makes.
const alcove = await openToyAlcove('wllama', { 'toy-f32.gguf': withTemplate(ONLY_TOOLS_TEMPLATE) });
afterAll(() => alcove.dispose());

const suite = { alcove, model: TOY, hasEmbeddings: true };
describeOpenAiClient('works on llama.cpp', suite);
describeAiSdk('works on llama.cpp', suite);
