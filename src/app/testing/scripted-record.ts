import type { ModelRecord } from '../../models/model-record.ts';

/** A model that a script plays. */
export const RECORD: ModelRecord = {
  id: 'high',
  modelKey: 'model',
  name: 'Model',
  family: 'Script',
  maker: 'Alcove',
  engine: 'scripted',
  quantization: 'none',
  parameterCount: 1,
  contextWindow: 1000,
  vramBytes: 0,
  requiredFeatures: [],
  licence: { name: 'MIT', url: 'https://opensource.org/license/mit' },
  source: { kind: 'files', revision: '1', files: [] },
};
