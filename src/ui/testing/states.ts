import type { ToolCallPart } from '../../chat/message-parts.ts';
import { createProject } from '../../chat/project.ts';
import { serverRecords } from '../../models/catalogue/custom-server.ts';
import type { DeviceReport } from '../../models/device.ts';
import { AlcoveError, type ErrorCode, type ErrorData, type WireError } from '../../platform/errors.ts';
import type { RequestEntry } from '../../session/request-ledger.ts';
import {
  type BackendName,
  INITIAL_STATE,
  type OfferedTool,
  type SessionState,
  type WeightsState,
} from '../../session/state/session-state.ts';
import {
  CHATS,
  chatOf,
  FIRST_ANSWER,
  FORMATTED,
  FULL_ANSWER,
  type MessageContent,
  QUESTION,
  SECOND,
  STATISTICS,
} from './fixture-chats.ts';
import { PICTURE_HASH, REPORT_HASH, readingOf } from './fixture-document.ts';
import { ALL, DEVICE, entry, FIGURES, models, SERVED, STORED } from './fixture-models.ts';
import { HOUR_MS, NOW } from './fixture-time.ts';

/** One fixture for each state of the interface, for tests and development. */

const ON_GRAPHICS_CARD: BackendName = { engine: 'webllm', backend: undefined };
const ON_THREADS: BackendName = { engine: 'wllama', backend: { kind: 'threads', threadCount: 8 } };

const READY: SessionState = {
  ...INITIAL_STATE,
  start: 'ready',
  device: DEVICE,
  storage: {
    chats: 'stored',
    persisted: false,
    usageBytes: 1_140_000_000,
    quotaBytes: 64_000_000_000,
    saveError: undefined,
  },
  models: models(),
  recommended: ['qwen', 'llama'],
};

export function answered(last: MessageContent): SessionState {
  const chat = chatOf('chat-1', 'How far is the moon?', [
    QUESTION,
    FIRST_ANSWER,
    FULL_ANSWER,
    SECOND,
    { id: 'a3', parentId: 'q2', role: 'assistant', text: '', ...last },
  ]);
  return { ...HOLDING, chat, engine: { status: 'ready', modelId: 'qwen' } };
}

/** Answers of several models to one question, side by side. */
export function compared(...answers: readonly Partial<MessageContent>[]): SessionState {
  const contents: readonly Partial<MessageContent>[] =
    answers.length > 0
      ? answers
      : [
          { text: `${WALK} = 3,203 days, or about **8.8 years**.`, statistics: STATISTICS },
          { text: 'About nine years.', statistics: { ...STATISTICS, decodeTokensPerSecond: 51 } },
        ];
  const ids = contents.map((_, index) => `c${index}`);
  const chat = chatOf('chat-1', 'How far is the moon?', [
    QUESTION,
    FULL_ANSWER,
    SECOND,
    ...contents.map((content, index) => ({
      id: `c${index}`,
      parentId: 'q2',
      role: 'assistant' as const,
      text: '',
      modelId: ['qwen', 'toy', 'llama'][index] ?? 'qwen',
      ...content,
    })),
  ]);
  return {
    ...HOLDING,
    chat: { ...chat, activeLeafId: 'c0', comparison: ids },
    engine: { status: 'ready', modelId: 'toy' },
  };
}

const TOOLS: readonly OfferedTool[] = [
  {
    name: 'get_distance',
    description: 'The distance between two places, or between two bodies of the solar system, in kilometres',
    source: 'registered',
    needsConfirmation: false,
  },
  { name: 'order_shoes', description: 'Orders shoes', source: 'registered', needsConfirmation: true },
  { name: 'shop_cart_add', description: 'Cart: adds a product', source: 'page', needsConfirmation: true },
];

/** A page offers tools; one of them the user always allows in this chat. */
function withTools(state: SessionState): SessionState {
  const allowedTools = [{ name: 'order_shoes', origin: 'https://shop.example', sha256: '0'.repeat(64) }];
  return { ...state, tools: TOOLS, chat: state.chat && { ...state.chat, allowedTools } };
}

/** Two projects, of which one has the open chat, instructions and files. */
function withProjects(state: SessionState): SessionState {
  const files = ['Tide tables of the North Sea, second edition.pdf', 'notes.md'].map((name, index) => {
    return { name, mediaType: '', sizeBytes: 1_240_000 >> (index * 8), sha256: String(index).repeat(64) };
  });
  const [moon, ship] = ['Distances in the solar system', 'Tax'].map((name, index) =>
    createProject(`p${index}`, name, NOW),
  );
  if (moon === undefined || ship === undefined) throw new Error('there are two names');
  const instructions = 'Give distances in kilometres, and say how sure you are.';
  const inMoon = new Set(['chat-1', 'chat-3']);
  return {
    ...state,
    chats: state.chats.map((chat) => (inMoon.has(chat.id) ? { ...chat, projectId: moon.id } : chat)),
    chat: state.chat && { ...state.chat, projectId: moon.id },
    projects: [{ ...moon, instructions, files, changedAt: NOW + 1 }, ship],
  };
}

/** A chat with a model on a custom server. */
function onServer(): SessionState {
  const [served] = serverRecords({
    id: 's',
    baseUrl: 'https://llm.example:8443/v1',
    kind: 'vllm',
    hasKey: true,
    models: [{ name: 'Llama 4 Scout', contextWindow: 131_072, isEmbedding: false }],
    listedAt: NOW,
  });
  if (served === undefined) throw new Error('a server without models');
  const weights = { status: 'stored', sizeBytes: 0, lastUsedAt: undefined } as const;
  const state = answered({ text: 'About nine years.', status: 'complete', modelId: served.id });
  return {
    ...state,
    models: [...[served, ...SERVED].map((record) => entry(record, weights)), ...state.models],
    selectedModelId: served.id,
    engine: { status: 'ready', modelId: served.id },
  };
}

const HOLDING: SessionState = {
  ...READY,
  models: models({ qwen: STORED, toy: { status: 'stored', sizeBytes: 7_286_550, lastUsedAt: undefined } }),
  chats: CHATS,
  selectedModelId: 'qwen',
};

const BRIEF = { systemPrompt: 'Be brief.', sampling: { temperature: 0.4, topK: 40 }, thinking: false };
const WRITING = { status: 'streaming', chatId: 'chat-1', messageId: 'a3' } as const;
const WALK =
  'Walking at **5 km/h**, day and night, it would take about 8.8 years. Let us see:\n\n- 384,400 km ÷ 5 km/h = 76,880 h\n- 76,880 h ÷ 24';

function wireError(code: ErrorCode, data: ErrorData = {}): WireError {
  return { name: 'AlcoveError', code, message: '', data };
}

function call(id: string, name: string, values: object, state: ToolCallPart['state']): ToolCallPart {
  return { type: 'tool-call', id, name, argumentsJson: JSON.stringify(values), state };
}

function withWeights(weights: WeightsState): SessionState {
  return { ...READY, models: models({ qwen: weights }), selectedModelId: 'qwen' };
}

const NO_GPU: DeviceReport = { ...DEVICE, webgpu: 'no-api', features: [] };

export const STATES = {
  starting: INITIAL_STATE,
  'start-failed': {
    ...INITIAL_STATE,
    start: 'failed',
    startError: new AlcoveError('catalogue-invalid', 'bad', { data: { path: 'models[3].id' } }),
  },
  'first-run': READY,
  'no-webgpu': { ...READY, device: NO_GPU, models: models({}, NO_GPU), recommended: [] },
  'not-probed': {
    ...READY,
    device: undefined,
    recommended: undefined,
    models: ALL.map((of) => ({ record: of, fit: { status: 'unknown' }, weights: { status: 'absent' } })),
  },
  planning: withWeights({ status: 'downloading', download: { status: 'planning' } }),
  downloading: withWeights({ status: 'downloading', download: { status: 'downloading', ...FIGURES } }),
  'waiting-for-network': withWeights({
    status: 'downloading',
    download: {
      status: 'downloading',
      ...FIGURES,
      bytesPerSecond: undefined,
      secondsLeft: undefined,
      waitingForNetwork: true,
    },
  }),
  paused: withWeights({ status: 'paused', download: { status: 'paused', ...FIGURES } }),
  'paused-offline': withWeights({
    status: 'paused',
    download: { status: 'paused', ...FIGURES, error: wireError('offline') },
  }),
  'paused-full': withWeights({
    status: 'paused',
    download: {
      status: 'paused',
      ...FIGURES,
      error: wireError('quota-exceeded', { neededBytes: 518_000_000, freeBytes: 102_000_000 }),
    },
  }),
  'short-of-space': {
    ...READY,
    selectedModelId: 'toy',
    storage: { ...READY.storage, usageBytes: 63_400_000_000 },
    models: models({
      qwen: {
        status: 'paused',
        download: {
          status: 'paused',
          ...FIGURES,
          error: wireError('quota-exceeded'),
        },
      },
      toy: { ...STORED, sizeBytes: 7_286_550 },
      llama: STORED,
      smol: { status: 'evicted' },
    }),
  },
  'download-failed': withWeights({
    status: 'failed',
    error: new AlcoveError('not-weights', 'html', {
      data: { url: 'https://huggingface.co/a/b/resolve/main/params_shard_0.bin' },
    }),
  }),
  evicted: withWeights({ status: 'evicted' }),
  empty: HOLDING,
  'empty-toy': { ...HOLDING, selectedModelId: 'toy' },
  ready: answered({ text: 'About **8.8 years**, day and night, at 5 km/h.', statistics: STATISTICS }),
  loading: {
    ...answered({ status: 'streaming' }),
    generation: { ...WRITING, status: 'submitted' },
    engine: {
      status: 'loading',
      modelId: 'qwen',
      progress: { type: 'load-progress', phase: 'weights', loadedBytes: 500_000_000, totalBytes: 1_130_000_000 },
    },
  },
  streaming: { ...answered({ status: 'streaming', text: WALK }), generation: WRITING },
  thinking: {
    ...answered({ status: 'streaming', reasoning: 'The user wants the walking time. 384,400 divided by' }),
    generation: WRITING,
  },
  reading: {
    ...answered({ status: 'streaming' }),
    generation: { ...WRITING, status: 'submitted', reading: { readTokens: 812, totalTokens: 1_530 } },
  },
  /** Two models have answered. */
  compared: compared(),
  /** One model has failed, one answers, one waits. */
  comparing: {
    ...compared(
      { status: 'failed', text: '', error: wireError('out-of-memory') },
      { status: 'streaming', text: WALK },
      { status: 'streaming', text: '' },
    ),
    generation: { status: 'streaming', chatId: 'chat-1', messageId: 'c1' },
    waiting: [{ chatId: 'chat-1', messageId: 'c2' }],
  },
  'compare-next': { ...HOLDING, compared: ['qwen', 'toy'] },
  stopping: { ...answered({ status: 'streaming', text: WALK }), generation: { ...WRITING, status: 'stopping' } },
  formatted: answered({
    text: FORMATTED,
    reasoning: 'A weight, a string.',
    reasoningMs: 12_400,
    statistics: STATISTICS,
  }),
  stopped: answered({ status: 'stopped', text: WALK }),
  'documents-read': answered({
    text: 'The tide “rises twice a day, at most by four metres” [1], but not “more than once a week”.',
    read: readingOf(false),
  }),
  /** One of the files is not on this device, and one was not imported. */
  'files-sent': {
    ...HOLDING,
    chat: chatOf('chat-1', 'Boat', [
      {
        id: 'q',
        parentId: undefined,
        role: 'user',
        parts: [
          { type: 'image', name: 'harbour.jpg', mediaType: 'image/jpeg', sizeBytes: 418_000, sha256: PICTURE_HASH },
          {
            type: 'document',
            name: 'Report of the harbour master on tides and lights, with all tables.pdf',
            mediaType: 'application/pdf',
            sizeBytes: 1_240_000,
            sha256: REPORT_HASH,
          },
          { type: 'document', name: 'notes.md', mediaType: 'text/markdown', sizeBytes: 5_120, sha256: 'e'.repeat(64) },
          { type: 'image', name: 'sketch.png', mediaType: 'image/png' },
          { type: 'text', text: 'Which boat is this, and may it enter now?' },
        ],
      },
      { id: 'a', parentId: 'q', role: 'assistant', text: 'A small sailing boat. It waits for high water.' },
    ]),
  },
  'tool-calls': answered({
    status: 'streaming',
    parts: [
      { type: 'text', text: 'Let me look that up.' },
      call('c1', 'get_distance', { from: 'Earth', to: 'Moon' }, 'complete'),
      { type: 'tool-result', toolCallId: 'c1', content: '{"kilometres":384400}' },
      call('c2', 'get_walking_speed', {}, 'failed'),
      { type: 'tool-result', toolCallId: 'c2', content: 'Error: TypeError: no such route' },
      call('c3', 'calculate', { expression: '384400 / 5 / 24' }, 'running'),
    ],
  }),
  tools: withTools(answered({ text: 'About **8.8 years**, day and night, at 5 km/h.', statistics: STATISTICS })),
  'tool-question': {
    ...answered({
      status: 'streaming',
      parts: [call('c1', 'order_shoes', { pairs: 24, size: '43', comment: 'Good for a long walk' }, 'pending')],
    }),
    generation: WRITING,
    toolQuestion: { chatId: 'chat-1', messageId: 'a3', callId: 'c1' },
  },
  'on-server': onServer(),
  'answer-failed': answered({
    status: 'failed',
    text: WALK,
    error: wireError('device-lost'),
  }),
  /** The oldest part is summarised, and the engine does not support one of the settings. */
  summarised: {
    ...HOLDING,
    chat: {
      ...chatOf('chat-1', 'How far is the moon?', [
        QUESTION,
        FULL_ANSWER,
        {
          id: 's1',
          parentId: 'a2',
          role: 'summary',
          text: 'They want distances in the solar system. Moon: 384,400 km on average, 363,300 km at perigee.',
          modelId: 'qwen',
        },
        { ...SECOND, parentId: 's1' },
        {
          id: 'a3',
          parentId: 'q2',
          role: 'assistant',
          text: 'About **8.8 years**, day and night, at 5 km/h.',
          statistics: { ...STATISTICS, promptTokens: 3_412, reusedTokens: 3_020 },
          engine: 'webllm',
          device: 'apple metal-3, WebGPU',
          settings: BRIEF,
          leftOut: ['topK', 'thinking'],
        },
      ]),
      settings: BRIEF,
    },
    engine: { status: 'ready', modelId: 'qwen' },
  },
  'context-exceeded': answered({
    status: 'failed',
    error: wireError('context-exceeded', { promptTokens: 5_200, contextWindow: 4_096 }),
  }),
  'engine-lost': {
    ...answered({ text: 'Done.' }),
    engine: { status: 'lost', modelId: 'qwen', error: new AlcoveError('device-lost', 'lost') },
  },
  'engine-failed': {
    ...HOLDING,
    engine: { status: 'failed', modelId: 'qwen', error: new AlcoveError('out-of-memory', 'oom') },
  },
  projects: withProjects(answered({ text: 'About **8.8 years**, day and night, at 5 km/h.', statistics: STATISTICS })),
  'memory-only': { ...HOLDING, storage: { ...HOLDING.storage, chats: 'memory', persisted: undefined } },
  'save-failed': {
    ...HOLDING,
    storage: { ...HOLDING.storage, persisted: true, saveError: new AlcoveError('quota-exceeded', 'full') },
  },
  'download-in-chat': {
    ...answered({ text: 'Done.' }),
    models: models({ qwen: STORED, llama: { status: 'downloading', download: { status: 'downloading', ...FIGURES } } }),
    selectedModelId: 'llama',
  },
  arabic: {
    ...HOLDING,
    chat: chatOf('chat-4', 'قصة القارب الصغير', [
      { id: 'q', parentId: undefined, role: 'user', text: 'ما هي المسافة إلى القمر؟' },
      {
        id: 'a',
        parentId: 'q',
        role: 'assistant',
        text: 'تبلغ المسافة **384,400 كيلومتر** في المتوسط.\n\n- الضوء يحتاج 1.28 ثانية\n- السيارة تحتاج 160 يوما',
        statistics: STATISTICS,
      },
    ]),
  },
  'way-changed': {
    ...withWeights(STORED),
    engine: { status: 'ready', modelId: 'qwen' },
    runtime: {
      ...READY.runtime,
      running: { modelId: 'qwen', recordId: 'qwen-gguf', ...ON_THREADS },
      change: {
        modelId: 'qwen',
        from: ON_GRAPHICS_CARD,
        to: ON_THREADS,
        error: new AlcoveError('device-lost', 'gone'),
        offer: undefined,
      },
    },
  },
  'way-missing': {
    ...withWeights(STORED),
    engine: { status: 'failed', modelId: 'qwen', error: new AlcoveError('out-of-memory', 'full') },
    runtime: {
      ...READY.runtime,
      change: {
        modelId: 'qwen',
        from: ON_GRAPHICS_CARD,
        to: undefined,
        error: new AlcoveError('out-of-memory', 'full'),
        offer: { modelId: 'toy', engine: 'wllama' },
      },
    },
  },
  'load-question': {
    ...withWeights(STORED),
    runtime: {
      ...READY.runtime,
      question: {
        modelId: 'qwen',
        recordId: 'qwen',
        ...ON_GRAPHICS_CARD,
        startedAt: NOW - HOUR_MS,
        otherBackend: ON_THREADS,
      },
    },
  },
  'tab-silent': {
    ...withWeights(STORED),
    engine: { status: 'loading', modelId: 'qwen', progress: undefined },
    runtime: { ...READY.runtime, otherTab: { engine: 'webllm', status: 'silent' } },
  },
  'tab-of-other-version': {
    ...withWeights(STORED),
    runtime: { ...READY.runtime, otherTab: { engine: 'webllm', status: 'other-version' } },
  },
  testing: {
    ...withWeights(STORED),
    engine: { status: 'ready', modelId: 'qwen' },
    generation: { status: 'streaming', chatId: 'c', messageId: 'a' },
    chat: chatOf('c', 'Moon', [
      { id: 'q', parentId: undefined, role: 'user', text: 'How far is the Moon?' },
      { id: 'a', parentId: 'q', role: 'assistant', text: '384,400 km.', status: 'streaming' },
    ]),
    runtime: { ...READY.runtime, isTesting: true },
  },
} as const satisfies Readonly<Record<string, SessionState>>;

export type StateName = keyof typeof STATES;

export const LEDGER: readonly RequestEntry[] = [
  { host: 'localhost:4173', url: 'http://localhost:4173/', kind: 'navigation', bytes: 2_140, at: NOW },
  {
    host: 'localhost:4173',
    url: 'http://localhost:4173/assets/index-72fqewrO.js',
    kind: 'script',
    bytes: 47_200,
    at: NOW,
  },
  {
    host: 'huggingface.co',
    url: 'https://huggingface.co/api/models/mlc-ai/Qwen3.5-2B-q4f16_1-MLC/tree/main?recursive=true',
    kind: 'fetch',
    bytes: 6_120,
    at: NOW,
  },
  ...Array.from({ length: 24 }, (_, shard) => ({
    host: 'cas-bridge.xethub.hf.co',
    url: `https://cas-bridge.xethub.hf.co/xet-bridge-us/65f/params_shard_${shard}.bin`,
    kind: 'fetch',
    bytes: undefined,
    at: NOW + shard * 1_000,
  })),
];
