import { expect, test } from 'vitest';
import { groupGgufs, partNames, readGgufName } from './file-names.ts';

test.each([
  ['SmolLM2-135M-Instruct-Q4_K_M.gguf', 'Q4_K_M'],
  ['qwen3-0.6b-q8_0.gguf', 'Q8_0'],
  ['Llama-3.2-1B.IQ3_XXS.gguf', 'IQ3_XXS'],
  ['gemma-3-1b-it-UD-Q4_K_XL.gguf', 'UD-Q4_K_XL'],
  ['BF16/Model-BF16-00001-of-00003.gguf', 'BF16'],
  ['model-fp16.gguf', 'F16'],
  ['gpt-oss-20b-mxfp4.gguf', 'MXFP4'],
  ['phi-4.gguf', undefined],
  ['Q8_0-experiments/tiny.gguf', 'Q8_0'],
])('the quantization in the file name %s is %s', (path, quantization) => {
  expect(readGgufName(path)?.quantization).toBe(quantization);
});

test.each([
  ['imatrix.gguf', 'imatrix'],
  ['imatrix_unsloth.gguf', 'imatrix'],
  ['Model-7B.imatrix.gguf', 'imatrix'],
  ['Model-7B-imatrix-Q4_K_M.gguf', 'model'],
  ['Model-7B-draft-Q8_0.gguf', 'draft'],
  ['draft/Model-0.5B-Q4_0.gguf', 'draft'],
  ['Model-eagle3-f16.gguf', 'draft'],
  ['Model-Drafting-Q8_0.gguf', 'model'],
  ['mmproj-model-f16.gguf', 'projector'],
])('the file %s is a %s', (path, role) => {
  expect(readGgufName(path)?.role).toBe(role);
});

test('the parts of a split model form one model, in order, and missing parts are counted', () => {
  const files = [
    'b-Q4_0-00002-of-00003.gguf',
    'README.md',
    'b-Q4_0-00001-of-00003.gguf',
    'a-Q8_0.gguf',
    'mmproj-f16.gguf',
  ];
  expect(groupGgufs(files, (file) => file)).toEqual([
    {
      stem: 'b-Q4_0',
      quantization: 'Q4_0',
      role: 'model',
      files: ['b-Q4_0-00001-of-00003.gguf', 'b-Q4_0-00002-of-00003.gguf'],
      missingCount: 1,
    },
    { stem: 'a-Q8_0', quantization: 'Q8_0', role: 'model', files: ['a-Q8_0.gguf'], missingCount: 0 },
    { stem: 'mmproj-f16', quantization: 'F16', role: 'projector', files: ['mmproj-f16.gguf'], missingCount: 0 },
  ]);
});

test('the names of all parts are derived from the name of one', () => {
  expect(partNames('x/m-00002-of-00003.gguf')).toEqual([
    'x/m-00001-of-00003.gguf',
    'x/m-00002-of-00003.gguf',
    'x/m-00003-of-00003.gguf',
  ]);
  expect(partNames('whole.gguf')).toEqual(['whole.gguf']);
});
