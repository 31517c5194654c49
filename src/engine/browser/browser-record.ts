import type { ModelRecord } from '../../models/model-record.ts';
import { type BrowserLanguageModel, findBrowserModel } from './browser-language-model.ts';

/** The app's id of the browser's own model. Stored chats hold it. */
export const BROWSER_MODEL_ID = 'browser-built-in';

/** What is assumed until a session says how much it holds; Chrome's model holds more. */
const UNKNOWN_CONTEXT_WINDOW = 4096;

/** A browser names its brands (https://wicg.github.io/ua-client-hints/); the name of its model it does not tell a page. */
interface BrowserBrands {
  readonly brands?: readonly { readonly brand: string }[];
}

/**
 * The record of the browser's own model, or undefined if the browser has none that this page may use. Never throws.
 * @param scope where `LanguageModel` is looked for
 */
export async function findBrowserRecord(
  scope: object = globalThis,
  { brands = [] }: BrowserBrands = Reflect.get(navigator, 'userAgentData') ?? {},
): Promise<ModelRecord | undefined> {
  const model = findBrowserModel(scope);
  const availability = model === undefined ? 'unavailable' : await ask(model);
  if (availability === 'unavailable') return undefined;
  // https://developer.chrome.com/docs/ai/prompt-api says which model it is. Other browsers build upon Chromium as well.
  const isChrome = brands.some(({ brand }) => brand === 'Google Chrome');
  return {
    id: BROWSER_MODEL_ID,
    name: isChrome ? 'Gemini Nano' : 'Built-in model',
    family: '',
    maker: isChrome ? 'Google' : '',
    engine: 'browser',
    quantization: '',
    parameterCount: 0,
    contextWindow: UNKNOWN_CONTEXT_WINDOW,
    sizeBytes: 0,
    vramBytes: 0,
    requiredFeatures: [],
    licence: { name: '', url: '' },
    source: { kind: 'browser', revision: '', isKnown: isChrome, needsDownload: availability !== 'available' },
  };
}

async function ask(model: BrowserLanguageModel) {
  try {
    return await model.availability();
  } catch {
    // In a frame without the permission, or in a page that is going away.
    return 'unavailable';
  }
}
