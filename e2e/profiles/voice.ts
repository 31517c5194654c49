import type { Page } from '@playwright/test';

/** As a browser that speaks and listens on the device, without which the app does not offer it. */
export async function withVoice(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const recognition = { prototype: { processLocally: true }, available: async () => 'available' };
    Object.defineProperty(globalThis, 'SpeechRecognition', { value: recognition });
    Object.defineProperty(speechSynthesis, 'getVoices', {
      value: () => [{ default: true, lang: 'en-US', localService: true, name: 'Test', voiceURI: 'test' }],
    });
  });
}
