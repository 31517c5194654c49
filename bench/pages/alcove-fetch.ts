import { createAlcove } from '../../src/api/index.ts';
import { Downloader } from '../../src/download/downloader.ts';
import type { ModelRecord } from '../../src/models/model-record.ts';
import { downloadModel } from './shared/download-model.ts';
import { measureDecode } from './shared/measure-decode.ts';
import { offer } from './shared/offer.ts';

interface FetchOptions {
  readonly action: 'store' | 'load' | 'decode';
  readonly record: ModelRecord;
  readonly prompt: string;
  readonly maxTokens: number;
}

interface Chunk {
  readonly choices: readonly { readonly delta: { readonly content?: string } }[];
  readonly usage?: { readonly completion_tokens: number } | null;
}

const databaseName = 'bench';
let alcove: ReturnType<typeof createAlcove> | undefined;

/** `alcove.fetch` with OpenAI's protocol, streamed, as a client of OpenAI's reads it. */
offer(async ({ action, record, prompt, maxTokens }: FetchOptions) => {
  if (action === 'store') {
    const downloader = new Downloader({ databaseName: `${databaseName}-weights`, baseUrl: location.href });
    await downloadModel(downloader, record);
    downloader.dispose();
    return {};
  }
  const catalogue = new Blob([JSON.stringify({ version: 1, models: [record] })]);
  alcove ??= createAlcove({ databaseName, catalogueUrl: URL.createObjectURL(catalogue) });
  if (action === 'load') {
    await alcove.load(record.id);
    return {};
  }
  const response = await alcove.fetch('https://alcove.local/v1/chat/completions', {
    method: 'POST',
    body: JSON.stringify({
      model: record.id,
      messages: [{ role: 'user', content: prompt }],
      temperature: 0,
      max_tokens: maxTokens,
      stream: true,
      stream_options: { include_usage: true },
    }),
  });
  return measureDecode(parts(response));
});

async function* parts(response: Response) {
  let rest = '';
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
    if (done || value === undefined) return;
    const events = (rest + value).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      const data = event.replace(/^data: /, '');
      if (data === '[DONE]') continue;
      const { choices, usage } = JSON.parse(data) as Chunk;
      yield { text: choices[0]?.delta.content ?? '', completionTokens: usage?.completion_tokens };
    }
  }
}
