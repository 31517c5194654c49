import type { DeviceReport } from '../device.ts';
import type { Refusal } from '../engines/engine-profile.ts';
import { profileOf } from '../engines/engine-profiles.ts';
import type { ModelRecord } from '../model-record.ts';

/** Why a model cannot run on a device, apart from memory. Undefined also while the device is not known. */
export function refusalOf(record: ModelRecord, device: DeviceReport | undefined): Refusal | undefined {
  if (record.abilities?.includes('embeddings') === true && !record.abilities.includes('chat')) {
    return { code: 'model-not-for-chat', data: {} };
  }
  return profileOf(record).refusal(record, device);
}
