import type { DeviceReport } from '../../models/device.ts';
import type { SessionState } from '../../session/state/session-state.ts';

type Facts = Pick<SessionState, 'device' | 'storage' | 'selectedModelId'>;

/**
 * What who looks into a problem asks first, in English, which they read: versions, device and storage. Nothing of a chat,
 * and of a model only its id.
 */
export function problemReport({ device, storage, selectedModelId }: Facts, version: string): string {
  const lines: readonly (readonly [name: string, fact: string | undefined])[] = [
    ['Alcove', version],
    ['Page', location.origin],
    ['Browser', navigator.userAgent],
    ['Language', document.documentElement.lang],
    ...(device === undefined ? [] : deviceLines(device)),
    ['Chats', storage.chats],
    ['Storage in use', gigabytes(storage.usageBytes)],
    ['Storage quota', gigabytes(storage.quotaBytes)],
    ['Storage is kept', storage.persisted === undefined ? undefined : yesOrNo(storage.persisted)],
    ['Model', selectedModelId],
  ];
  return lines.flatMap(([name, fact]) => (fact === undefined ? [] : [`${name}: ${fact}`])).join('\n');
}

function deviceLines(device: DeviceReport): (readonly [string, string | undefined])[] {
  const { webgpu, vendor, architecture, isFallbackAdapter, features, limits, memoryBytes, cores } = device;
  const adapter = [vendor, architecture, isFallbackAdapter ? 'in software' : ''].filter(Boolean).join(' ');
  return [
    ['WebGPU', adapter === '' ? webgpu : `${webgpu} (${adapter})`],
    ['WebGPU features', features.length === 0 ? undefined : features.join(', ')],
    ['Largest buffer', webgpu === 'available' ? gigabytes(limits.maxBufferSize) : undefined],
    ['Memory', gigabytes(memoryBytes)],
    ['Cores', String(cores)],
    ['Shared memory', yesOrNo(device.sharedMemory)],
  ];
}

function gigabytes(bytes: number | undefined): string | undefined {
  return bytes === undefined ? undefined : `${(bytes / 1e9).toFixed(1)} GB`;
}

function yesOrNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
