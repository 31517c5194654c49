import { test as base } from '../support/fixtures.ts';
import { launchOptions } from '../support/test-browser.ts';
import { ChatServer } from './chat-server.ts';

export { expect } from '../support/fixtures.ts';

/** The fixtures of every test, and the server that a profile's user has set up. */
export const test = base.extend<object, { readonly chatServer: ChatServer }>({
  chatServer: [
    async ({}, use) => {
      const server = await ChatServer.start();
      await use(server);
      await server.close();
    },
    { scope: 'worker' },
  ],

  launchOptions: [
    async ({ chatServer, huggingFace }, use) =>
      use(launchOptions({ resolverRules: `${chatServer.resolverRule},${huggingFace.resolverRules}` })),
    { scope: 'worker' },
  ],
});
