import { expect, test } from 'vitest';
import { templateReason } from './template-error.ts';

test('the words of a chat template are found in the errors of llama.cpp and Transformers, and in no others', () => {
  expect(
    templateReason('Jinja Exception: Conversation roles must alternate user/assistant/user/assistant/...\nat row 3'),
  ).toBe('Conversation roles must alternate user/assistant/user/assistant/...');
  expect(templateReason('jinja2.exceptions.TemplateError: System role not supported')).toBe(
    'System role not supported',
  );
  expect(templateReason('Conversation roles must alternate')).toBe('Conversation roles must alternate');
  expect(templateReason('model requires more system memory')).toBeUndefined();
});
