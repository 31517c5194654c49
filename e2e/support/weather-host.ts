import { expect, type Locator, type Page } from '@playwright/test';
import { use } from './embedded.ts';
import type { NetworkLog } from './network-log.ts';
import { SiteServer } from './site-server.ts';

/** A page of another origin that gives a toy in its element a tool for the weather, and what a user does there. */
export class WeatherHost {
  readonly #page: Page;
  readonly #host: SiteServer;
  readonly chat: Locator;

  private constructor(page: Page, host: SiteServer) {
    this.#page = page;
    this.#host = host;
    this.chat = page.locator('alcove-chat');
  }

  static async open(page: Page, site: SiteServer, network: NetworkLog, model: string): Promise<WeatherHost> {
    const host = await SiteServer.start({ headers: false });
    network.allow(host.origin);
    host.serve(
      '/',
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Host</title>
      <script type="module">
        import '${site.origin}/embed/alcove-chat.js';
        globalThis.called = [];
        const chat = document.querySelector('alcove-chat');
        await chat.registerTool({
          name: 'get_weather',
          inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
          execute: ({ city }) => {
            globalThis.called.push(city);
            return { city: 'Lima', sky: 'rainy' };
          },
        });
      </script></head><body><alcove-chat model="${model}" history="tools"></alcove-chat></body></html>`,
      'text/html',
    );
    await page.goto(host.origin);
    return new WeatherHost(page, host);
  }

  /** Downloads the model, and has it take the likeliest tokens, so that the toy's words do not depend on luck. */
  async download(): Promise<void> {
    const { chat } = this;
    await use(chat);
    await chat.getByRole('button', { name: /^Download/ }).click();
    await chat.getByRole('button', { name: 'This chat' }).click();
    const temperature = chat.getByRole('spinbutton', { name: /^Temperature/ });
    await temperature.fill('0');
    await temperature.press('Tab');
    await this.#page.keyboard.press('Escape');
  }

  /** Asks for the weather in Lima, and allows the call once it has seen its arguments. Ends with the answer. */
  async ask(): Promise<Locator> {
    const { chat } = this;
    const composer = chat.getByRole('textbox', { name: 'Message' });
    await composer.fill('What is the weather in Lima?');
    await composer.press('Enter');
    const question = chat.getByRole('group', { name: 'The model wants to use a tool of this page: get_weather.' });
    await expect(question).toBeVisible({ timeout: 120_000 });
    await expect(chat.getByRole('region', { name: 'Arguments' })).toContainText('Lima');
    expect(await this.called()).toEqual([]);
    await question.getByRole('button', { name: 'Allow once' }).click();
    await expect(question).toBeHidden();
    const answer = chat.locator('article[part~="assistant"]');
    await expect(answer).toHaveAttribute('aria-busy', 'false', { timeout: 120_000 });
    await expect(answer).toContainText('Done');
    return answer;
  }

  /** The cities that the tool was called with. */
  called(): Promise<unknown> {
    return this.#page.evaluate('called');
  }

  stop(): Promise<void> {
    return this.#host.stop();
  }
}
