/**
 * The licences of the models, by the key that families.ts and the catalogue use. `forbids` is our summary in one sentence; the
 * linked text is what counts.
 */
export const LICENCES = {
  mit: {
    name: 'MIT',
    url: 'https://spdx.org/licenses/MIT.html',
    forbids: 'Nothing but removing the licence’s own notice from copies.',
  },
  apache: {
    name: 'Apache-2.0',
    url: 'https://www.apache.org/licenses/LICENSE-2.0',
    forbids: 'Nothing but removing the notices, using the maker’s trademarks, and suing over patents in it.',
  },
  llama2: {
    name: 'Llama 2 Community License',
    url: 'https://www.llama.com/llama2/license/',
    forbids: 'Improving other language models with it, uses on Meta’s list, and services with over 700 million users.',
  },
  llama3: {
    name: 'Llama 3 Community License',
    url: 'https://www.llama.com/llama3/license/',
    forbids: 'Improving other language models with it, uses on Meta’s list, and services with over 700 million users.',
  },
  llama31: {
    name: 'Llama 3.1 Community License',
    url: 'https://www.llama.com/llama3_1/license/',
    forbids:
      'Uses on Meta’s list, models made with it without “Llama” in their name, services with over 700 million users.',
  },
  llama32: {
    name: 'Llama 3.2 Community License',
    url: 'https://www.llama.com/llama3_2/license/',
    forbids:
      'Uses on Meta’s list, models made with it without “Llama” in their name, services with over 700 million users.',
  },
  llama33: {
    name: 'Llama 3.3 Community License',
    url: 'https://www.llama.com/llama3_3/license/',
    forbids:
      'Uses on Meta’s list, models made with it without “Llama” in their name, services with over 700 million users.',
  },
  llama4: {
    name: 'Llama 4 Community License',
    url: 'https://www.llama.com/llama4/license/',
    forbids: 'Use of its images part by people or firms based in the European Union, and the uses on Meta’s list.',
  },
  gemma: {
    name: 'Gemma Terms of Use',
    url: 'https://ai.google.dev/gemma/terms',
    forbids: 'The uses on Google’s prohibited list; who passes it on must pass the same terms on.',
  },
  qwenResearch: {
    name: 'Qwen Research License',
    url: 'https://huggingface.co/Qwen/Qwen2.5-3B-Instruct/blob/main/LICENSE',
    forbids: 'Commercial use without a licence from Alibaba.',
    nonCommercial: true,
  },
  stability: {
    name: 'Stability AI Non-Commercial Research Community License',
    url: 'https://huggingface.co/stabilityai/stablelm-2-zephyr-1_6b/blob/main/LICENSE.md',
    forbids: 'Commercial use without a membership of Stability AI.',
    nonCommercial: true,
  },
  microsoftResearch: {
    name: 'Microsoft Research License',
    url: 'https://huggingface.co/WizardLMTeam/WizardMath-7B-V1.1/blob/main/LICENSE',
    forbids: 'Commercial use: it is for research only.',
    nonCommercial: true,
  },
  deepseek: {
    name: 'DeepSeek Model License',
    url: 'https://github.com/deepseek-ai/DeepSeek-V3/blob/main/LICENSE-MODEL',
    forbids: 'The uses on DeepSeek’s list, among them military ones and harm to minors.',
  },
} as const;

export type LicenceKey = keyof typeof LICENCES;
