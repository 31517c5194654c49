/** Of ids of models on servers, which name their host, so that a chat tells for good where it was sent. */
export const SERVER_MARK = '@';

/** Whether requests to a host, with or without its port, stay on this computer. */
export function isThisComputer(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(host);
}

/** Where a model's answers come from; undefined for one that runs on this device. */
export function serverHost(modelId: string | undefined): string | undefined {
  return modelId?.startsWith(SERVER_MARK) ? modelId.slice(SERVER_MARK.length).split('/')[0] : undefined;
}
