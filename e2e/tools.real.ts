import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures.ts';
import { SiteServer } from './support/site-server.ts';
import { SMOLLM2, SmolLm2Host } from './support/smollm2-host.ts';

const LIB = fileURLToPath(new URL('../lib', import.meta.url));

const WEATHER = {
  name: 'get_weather',
  description: 'The weather of a city',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

let weights: SmolLm2Host;
let host: SiteServer;

test.beforeAll(async () => {
  weights = await SmolLm2Host.start();
});
test.afterAll(() => weights.close());

test.beforeEach(async ({ site, network }) => {
  weights.offer(site);
  host = await SiteServer.start({ root: LIB });
  network.allow(host.origin);
});
test.afterEach(() => host.stop());

/** A page that downloads the model and puts what a script makes of `alcove` and `model` into the answer. */
async function run(page: Page, site: SiteServer, script: string): Promise<unknown> {
  host.serve(
    '/',
    `<!doctype html><html lang="en"><head><title>Host</title></head><body><script type="module">
      import { createAlcove } from '/api.js';
      import '/define.js';
      const catalogueUrl = '${site.origin}/catalogue.json';
      const model = '${SMOLLM2.id}';
      globalThis.run = async () => {
        const alcove = createAlcove({ catalogueUrl });
        await alcove.models.download(model);
        const tools = [${JSON.stringify({ type: 'function', function: WEATHER })}];
        const ask = async (messages, options = {}) => {
          const params = { model, messages, temperature: 0, max_tokens: 60, ...options };
          return (await alcove.chat.completions.create(params)).choices[0];
        };
        ${script}
      };
    </script></body></html>`,
    'text/html',
  );
  await page.goto(host.origin);
  await page.waitForFunction('globalThis.run !== undefined');
  return page.evaluate('run()');
}

test('SmolLM2 calls a tool with valid arguments where a call is demanded, and answers with its result', async ({
  page,
  site,
}) => {
  const result = await run(
    page,
    site,
    `const messages = [{ role: 'user', content: 'What is the weather in Lima?' }];
     const called = await ask(messages, { tools, tool_choice: 'required' });
     const [call] = called.message.tool_calls;
     const content = JSON.stringify({ city: 'Lima', sky: 'rainy' });
     const given = [...messages, called.message, { role: 'tool', tool_call_id: call.id, content }];
     return [called, await ask(given, { tools })];`,
  );
  expect(result).toEqual([
    {
      index: 0,
      finish_reason: 'tool_calls',
      logprobs: null,
      message: expect.objectContaining({
        tool_calls: [
          {
            id: expect.any(String),
            type: 'function',
            function: { name: 'get_weather', arguments: expect.stringMatching(/^\{\s*"city":\s*"lima"\s*\}$/i) },
          },
        ],
      }),
    },
    expect.objectContaining({ message: expect.objectContaining({ content: expect.stringMatching(/rain/i) }) }),
  ]);
});

test('SmolLM2 keeps an answer to a JSON schema', async ({ page, site }) => {
  const schema = {
    type: 'object',
    properties: {
      capital: { type: 'string', maxLength: 20 },
      continent: { enum: ['Africa', 'Asia', 'Europe'] },
      isIsland: { type: 'boolean' },
    },
    required: ['capital', 'continent', 'isIsland'],
    additionalProperties: false,
  };
  const format = JSON.stringify({ type: 'json_schema', json_schema: { name: 'country', schema } });
  const answer = await run(
    page,
    site,
    `const messages = [{ role: 'user', content: 'Describe France as JSON: capital, continent, isIsland.' }];
     return JSON.parse((await ask(messages, { response_format: ${format} })).message.content);`,
  );
  expect(answer).toEqual({ capital: 'Paris', continent: 'Europe', isIsland: expect.any(Boolean) });
});

/** Two questions that were answered by calls: an example that the model follows. Without one it does not call by itself. */
function exampleChat(): string {
  const settings = { sampling: { temperature: 0, maxTokens: 60 } };
  const messages = [
    ['Oslo', 'sunny'],
    ['Rome', 'cloudy'],
  ].flatMap(([city, sky], index) => {
    const call = { id: `c${index}`, name: 'get_weather', argumentsJson: JSON.stringify({ city }), state: 'complete' };
    const base = { status: 'complete', createdAt: index };
    return [
      {
        ...base,
        id: `q${index}`,
        ...(index > 0 && { parentId: `a${index - 1}` }),
        role: 'user',
        parts: [{ type: 'text', text: `What is the weather in ${city}?` }],
      },
      {
        ...base,
        id: `a${index}`,
        parentId: `q${index}`,
        role: 'assistant',
        parts: [
          { type: 'tool-call', ...call },
          { type: 'tool-result', toolCallId: call.id, content: JSON.stringify({ city, sky }) },
          { type: 'text', text: `It is ${sky} in ${city}.` },
        ],
      },
    ];
  });
  const chat = { id: 'example', title: 'Weather', createdAt: 0, updatedAt: 1, activeLeafId: 'a1', tags: [], settings };
  return JSON.stringify({ format: 'alcove-chats', version: 2, exportedAt: 1, chats: [{ ...chat, messages }] });
}

test('SmolLM2 calls a tool of the page in the element, by itself once the chat has examples, and answers with its result', async ({
  page,
  site,
}) => {
  const answer = await run(
    page,
    site,
    `alcove.dispose();
     const chat = Object.assign(document.createElement('alcove-chat'), { catalogue: catalogueUrl, model });
     document.body.append(chat);
     await chat.import(new File([${JSON.stringify(exampleChat())}], 'example.json'));
     await chat.chats.open((await chat.chats.list())[0].id);
     await chat.registerTool({
       name: 'get_weather',
       description: 'The weather of a city',
       inputSchema: ${JSON.stringify(WEATHER.parameters)},
       readOnly: true,
       execute: ({ city }) => ({ city, sky: 'rainy' }),
     });
     const { toolCalls, content } = await chat.send('What is the weather in Lima?');
     return { toolCalls, content };`,
  );
  expect(answer).toEqual({
    toolCalls: [
      expect.objectContaining({ name: 'get_weather', state: 'complete', result: expect.stringMatching(/lima/i) }),
    ],
    content: expect.stringMatching(/rain/i),
  });
});
