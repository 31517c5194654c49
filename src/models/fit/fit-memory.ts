import { type DeviceReport, isPhone } from '../device.ts';
import type { LocalProfile, MemoryLimits } from '../engines/engine-profile.ts';

/** How much memory a model may take here. Browsers report little about it: see the constants. */
export interface Budget extends MemoryLimits {
  readonly isPhone: boolean;
}

const GIB = 1024 ** 3;

/** Most browsers report at most this much in `navigator.deviceMemory`: a device that reports it may have more. */
const MOST_REPORTED_BYTES = 8 * GIB;

/**
 * iOS ends a tab that takes some 1.5 GB (web-llm issue 753), and reports no memory. No report is known of a tab below
 * 1.1 GB that was ended.
 */
const IOS: Budget = { sureBytes: 1.1e9, possibleBytes: 1.6e9, hopelessBytes: 4e9, isPhone: true };

/** Android ends tabs long before memory is full (web-llm issue 524: a phone of 6 GB that may call it 8, a model of 1.7 GB). */
const ANDROID_SHARE = { sure: 0.17, possible: 0.35 } as const;
/** A phone that reports no memory counts as one of 4 GB. */
const UNKNOWN_PHONE_BYTES = 4 * GIB;

/**
 * A discrete graphics card has 4 GB or more in nearly all computers that have WebGPU, of which the screen takes some
 * (mlc-llm issue 374: refused at 2.9 GB of 4; web-llm issue 387: 5.5 GB of 4 lost the device). An integrated one shares the
 * computer's memory.
 */
const DISCRETE: Budget = { sureBytes: 2.9e9, possibleBytes: 12e9, hopelessBytes: 100e9, isPhone: false };
const INTEGRATED_SHARE = { sure: 0.38, possible: 0.7, hopeless: 1.1 } as const;
/** A computer that reports 8 GB may have much more. */
const UNKNOWN_DESKTOP_BYTES = 8 * GIB;
const LARGE_DESKTOP_BYTES = 16 * GIB;
/** Memory of the largest computers that run a browser. */
const LARGEST_DESKTOP_BYTES = 100e9;

/** Makers of discrete graphics cards, in browsers' words; adapters of other makers share the computer's memory. */
const DISCRETE_VENDORS: ReadonlySet<string> = new Set(['nvidia', 'amd', 'ati']);

export function memoryBudget({ usesCardMemory, memoryLimits }: LocalProfile, device: DeviceReport): Budget {
  const budget = deviceBudget(usesCardMemory, device);
  if (memoryLimits === undefined) return budget;
  return {
    ...budget,
    sureBytes: Math.min(budget.sureBytes, memoryLimits.sureBytes),
    possibleBytes: Math.min(budget.possibleBytes, memoryLimits.possibleBytes),
    hopelessBytes: Math.min(budget.hopelessBytes, memoryLimits.hopelessBytes),
  };
}

function deviceBudget(usesCardMemory: boolean, device: DeviceReport): Budget {
  const { memoryBytes, system, vendor } = device;
  if (system === 'ios') return IOS;
  if (isPhone(device)) {
    const memory = memoryBytes ?? UNKNOWN_PHONE_BYTES;
    return {
      sureBytes: memory * ANDROID_SHARE.sure,
      possibleBytes: memory * ANDROID_SHARE.possible,
      hopelessBytes: memory,
      isPhone: true,
    };
  }
  const reportsMost = memoryBytes === undefined || memoryBytes >= MOST_REPORTED_BYTES;
  const sure = (memoryBytes ?? UNKNOWN_DESKTOP_BYTES) * INTEGRATED_SHARE.sure;
  const possible = (reportsMost ? LARGE_DESKTOP_BYTES : memoryBytes) * INTEGRATED_SHARE.possible;
  const hopeless = reportsMost ? LARGEST_DESKTOP_BYTES : memoryBytes * INTEGRATED_SHARE.hopeless;
  const shared: Budget = { sureBytes: sure, possibleBytes: possible, hopelessBytes: hopeless, isPhone: false };
  const isDiscrete = usesCardMemory && DISCRETE_VENDORS.has(vendor.toLowerCase());
  // A discrete card in a computer with little memory is old and small.
  return isDiscrete && reportsMost ? DISCRETE : shared;
}
