import { afterEach, beforeAll, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { AppShell } from './shell/app-shell.ts';
import { deepQueryAll, deepText, settle } from './testing/deep-dom.ts';
import { FixtureSession } from './testing/fixture-session.ts';
import { LEDGER, STATES, type StateName } from './testing/states.ts';

/** Texts that must be shown in each state. */
const SAYS: Readonly<Record<StateName, readonly (string | RegExp)[]>> = {
  starting: [],
  'start-failed': ['The list of models cannot be read', 'models[3].id'],
  'first-run': [
    'Your own language model',
    'Recommended for this device',
    'Try in 5 seconds',
    'All models',
    'about 1.1 GB',
  ],
  'no-webgpu': ['It does not support WebGPU', 'All models'],
  'not-probed': ['Your own language model'],
  planning: ['Looking up the files', 'Cancel'],
  downloading: ['612 MB of 1.1 GB', '24 MB/s', '21 s left', 'Pause', 'Cancel'],
  'waiting-for-network': ['Waiting for the connection', 'Pause'],
  paused: ['Paused at 612 MB of 1.1 GB', 'Continue', 'Cancel'],
  'paused-offline': ['Stopped at 612 MB of 1.1 GB', 'No connection', 'Continue'],
  'paused-full': ['Not enough space', 'It needs 518 MB', '102 MB', 'Continue'],
  'short-of-space': ['What would you like to know?'],
  'download-failed': ['The server sent a web page instead of the model', 'huggingface.co', 'Try again', 'Cancel'],
  evicted: ['The browser removed this model', 'Download again'],
  empty: ['What would you like to know?', 'Qwen3.5 2B answers on this device'],
  'empty-toy': ['What is the capital of France?'],
  ready: ['How far is the moon?', '384,400 km', '2/2', 'Image not loaded: A picture (images.example.org)'],
  loading: ['Loading the model, 44%'],
  streaming: ['Walking at'],
  thinking: ['Thinking…'],
  stopping: ['Walking at'],
  formatted: [
    'a good watch costs $40 to $60',
    'TypeScript',
    'Wrap lines',
    'Download',
    'Thought for 12 s',
    'tracker.example.net',
  ],
  stopped: ['Stopped. The answer so far is kept.'],
  'files-sent': [
    'Report of the harbour master',
    'Its contents are not on this device',
    'Image, not imported: sketch.png',
  ],
  'documents-read': ['The tide', '1 passage of report.pdf was read'],
  'tool-calls': ['Let me look that up.', 'Tool call: get_distance', 'Done', 'Failed', 'Running…'],
  tools: ['3 tools'],
  'tool-question': ['The model wants to use a tool of this page: order_shoes.', 'Allow once', 'Good for a long walk'],
  'on-server': ['Llama 4 Scout', 'On your server: llm.example:8443'],
  'answer-failed': ['Walking at', 'The answer so far is kept.', 'The graphics card was lost', 'Try again'],
  summarised: ['Summary: for the model, it replaces the messages above', '3,624 of 4,096 tokens'],
  'context-exceeded': ['5,200 tokens', 'Free some context'],
  'engine-lost': ['The graphics card was lost'],
  'engine-failed': ['ran out of memory', 'Choose another model'],
  projects: ['Distances in the solar system'],
  'memory-only': ['does not store anything'],
  'save-failed': ['Not enough space'],
  'download-in-chat': ['Llama 3.2 1B Instruct', '612 MB of 1.1 GB', 'Pause'],
  'way-changed': ['On the processor, 8 threads (llama.cpp)', 'Try the graphics card again'],
  'way-missing': ['cannot run here at the moment', 'Memory ran out.', 'Download the variant that runs here (7.3 MB)'],
  'load-question': ['The page crashed while Qwen3.5 2B was loading', 'Load again'],
  'tab-silent': ['is not responding', 'Take over here'],
  'tab-of-other-version': ['another version of Alcove', 'Take over here'],
  reading: ['Reading: 812 of 1,530 tokens'],
  compared: ['23 tokens/s', '51 tokens/s', 'Keep this one', 'Your next message follows the answer of Qwen3.5 2B'],
  comparing: ['8.8 years', 'Waiting for Toy', 'Stop'],
  'compare-next': ['Comparing Qwen3.5 2B and Toy'],
  testing: ['Testing this model once', 'Skip the test'],
  arabic: ['384,400 كيلومتر'],
};

beforeAll(async () => {
  await import('./markdown/answer-parts.ts');
  await Promise.all([
    import('./chat/conversation-view.ts'),
    import('./models/first-run.ts'),
    import('./models/model-card.ts'),
    import('./chat/conversation-view.ts'),
    import('./chat/attach/attach-views.ts'),
    import('./chat/sending/context-meter.ts'),
    import('./chat/compare/compare-views.ts'),
    import('./chat/sending/beside-composer.ts'),
    import('./chat/documents/document-views.ts'),
    import('./chat/tools/tool-views.ts'),
    import('./privacy/remote-badge.ts'),
    import('./models/backend-notice.ts'),
  ]);
});

afterEach(() => {
  document.querySelector('alcove-app')?.remove();
  history.replaceState(null, '', location.pathname + location.search);
});

async function show(name: StateName, place = ''): Promise<{ app: AppShell; session: FixtureSession }> {
  history.replaceState(null, '', `${location.pathname}${location.search}${place}`);
  const session = new FixtureSession(STATES[name], LEDGER);
  const app = new AppShell();
  app.session = session;
  document.body.append(app);
  await settle(app);
  return { app, session };
}

const ALL = (Object.keys(STATES) as StateName[]).flatMap((name) => [360, 1440].map((width) => ({ name, width })));

test.each(ALL)('$name at $width px shows its texts, fits, and names every control', async ({ name, width }) => {
  await page.viewport(width, 740);
  const { app } = await show(name);
  const text = deepText(app);
  for (const words of SAYS[name]) expect(text).toMatch(words instanceof RegExp ? words : literal(words));
  expect(text).not.toMatch(/undefined|NaN|\[object/);
  const [chat] = deepQueryAll(app, 'alcove-chat-view');
  expect(chat?.getBoundingClientRect().height, 'the chat takes all of the height').toBe(740);
  expectToFit(app);
});

test('where the header has no room, the page says above the composer that a message leaves this device', async () => {
  await page.viewport(360, 740);
  const { app } = await show('on-server');
  await expect.poll(() => deepText(app)).toContain('Leaves this device: goes to your server');
});

test.each([
  '#/models',
  '#/models/qwen',
  '#/models/compare?id=qwen&id=llama&id=large',
  '#/models/add',
  '#storage',
  '#settings',
  '#/project/p0',
])('the page %s fits, and names every control', async (place) => {
  await page.viewport(360, 740);
  const { app } = await show('projects', place);
  await expect.poll(() => deepQueryAll(app, 'h1').map((title) => title.textContent)).toHaveLength(1);
  await settle(app);
  expectToFit(app);
});

test('the storage page suggests deletions for a download without space, warns of eviction, and restores evicted models', async () => {
  await page.viewport(360, 740);
  const { app } = await show('short-of-space', '#storage');
  await expect.poll(() => deepText(app)).toContain('stopped: the disk is full');
  const text = deepText(app);
  for (const words of [
    /It needs 518 MB more/,
    /Delete, frees 1.1 GB/,
    /Space is low: 600 MB are left/,
    /Removed by the browser/,
    /Download again/,
    /Unfinished downloads/,
    /Models, 1.1 GB/,
  ]) {
    expect(text).toMatch(words);
  }
  expectToFit(app);
});

/** Nothing is wider than the page, every control has a name, and no element has an id. */
function expectToFit(app: AppShell): void {
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(document.documentElement.clientWidth);
  for (const control of deepQueryAll(app, 'button, a, input, textarea, summary, progress, meter')) {
    const label =
      control.getAttribute('aria-label') ?? control.closest('label')?.textContent ?? control.textContent ?? '';
    expect(label.trim(), control.outerHTML.slice(0, 120)).not.toBe('');
    if (!control.checkVisibility({ visibilityProperty: true }) || control.closest('pre, .table') !== null) continue;
    const { left, right } = control.getBoundingClientRect();
    expect(right, control.outerHTML.slice(0, 120)).toBeLessThanOrEqual(innerWidth + 1);
    expect(left).toBeGreaterThanOrEqual(-1);
  }
  expect(deepQueryAll(app, '[id]')).toEqual([]);
}

function literal(words: string): RegExp {
  return new RegExp(words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/ /g, '\\s+'));
}
