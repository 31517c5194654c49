/** Of the libraries that run models. What was measured with one version says nothing of the next. */
export const ENGINE_VERSIONS = { webllm: '0.2.86', wllama: '3.13.0' } as const;
