import { describeEngine } from '../testing/engine-contract.ts';
import { fetchToyRecord, storeToyModel } from '../webllm/testing/store-toy-model.ts';
import { createFaultyEngine, strike } from './testing/faulty-engine.ts';

const storeName = `weights-${crypto.randomUUID()}`;
const toy = await fetchToyRecord('wllama');
await storeToyModel(storeName, toy);

describeEngine('the llama.cpp engine', {
  create: () => createFaultyEngine({ storeName, hungAfterMs: { loading: 30_000, generating: 3_000 } }),
  model: toy,
  missingModel: { ...toy, id: 'not-stored' },
  kill: (engine) => strike(engine, 'close'),
  hang: (engine) => strike(engine, 'hang'),
});
