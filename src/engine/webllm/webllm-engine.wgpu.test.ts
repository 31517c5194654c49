import { describeEngine } from '../testing/engine-contract.ts';
import { createFaultyEngine, strike } from './testing/faulty-engine.ts';
import { fetchToyRecord, storeToyModel } from './testing/store-toy-model.ts';

const storeName = `weights-${crypto.randomUUID()}`;
const toy = await fetchToyRecord();
await storeToyModel(storeName, toy);

describeEngine('the web-llm engine', {
  create: () => createFaultyEngine({ storeName, hungAfterMs: { loading: 30_000, generating: 3_000 } }),
  model: toy,
  missingModel: { ...toy, id: 'not-stored' },
  kill: (engine) => strike(engine, 'close'),
  hang: (engine) => strike(engine, 'hang'),
  loseDevice: (engine) => strike(engine, 'destroy-device'),
});
