import type { Capabilities } from '../engine.ts';
import type { BrowserLanguageModel, BrowserTool } from './browser-language-model.ts';

const NO_TOOL: BrowserTool = {
  name: 'none',
  description: 'Does nothing',
  inputSchema: { type: 'object', properties: {} },
  execute: async () => '',
};

/** What the browser's model can do, as far as the browser says before a session is made. Never throws. */
export async function browserCapabilities(model: BrowserLanguageModel | undefined): Promise<Capabilities> {
  const [images, tools] = await Promise.all([
    isOffered(model, { expectedInputs: [{ type: 'image' }] }),
    canCallTools(model),
  ]);
  return {
    // The specification leaves temperature and top K to extensions.
    sampling: [],
    thinkingSwitch: false,
    tools,
    toolsWithFormat: false,
    responseFormats: ['json', 'json-schema'],
    images,
    continueLast: true,
    countTokens: true,
    embeddings: false,
    perplexity: false,
    logprobs: undefined,
    rawPrompt: false,
  };
}

/** A browser that knows no tools does not read the option, and one with another form of them refuses it. */
async function canCallTools(model: BrowserLanguageModel | undefined): Promise<boolean> {
  let isRead = false;
  const offered = await isOffered(model, {
    get tools() {
      isRead = true;
      return [NO_TOOL];
    },
  });
  return offered && isRead;
}

async function isOffered(
  model: BrowserLanguageModel | undefined,
  options: Parameters<BrowserLanguageModel['availability']>[0],
): Promise<boolean> {
  try {
    return model !== undefined && (await model.availability(options)) !== 'unavailable';
  } catch {
    // An option that this browser does not know.
    return false;
  }
}
