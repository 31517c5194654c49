import type { DeviceReport } from '../device.ts';
import type { ModelRecord } from '../model-record.ts';

/** How much memory a model may take, bytes. Browsers tell little of it: see the constants. */
export interface Budget {
  /** Up to here it is sure, as far as anyone has seen. */
  readonly sureBytes: number;
  /** Up to here it may be. */
  readonly possibleBytes: number;
  /** Above here there is no hope. */
  readonly hopelessBytes: number;
  readonly isPhone: boolean;
}

const GIB = 1024 ** 3;

/** `navigator.deviceMemory` says no more than this in most browsers: a device that says so has at least this much. */
const MOST_SAID_BYTES = 8 * GIB;

/**
 * iOS ends a tab that takes some 1.5 GB (web-llm issue 753), and tells no memory. What stays below 1.1 GB had no report
 * against it.
 */
const IOS: Budget = { sureBytes: 1.1e9, possibleBytes: 1.6e9, hopelessBytes: 4e9, isPhone: true };

/** Android ends tabs long before memory is full (web-llm issue 524: a phone of 6 GB that may call it 8, a model of 1.7 GB). */
const ANDROID_SHARE = { sure: 0.17, possible: 0.35 } as const;
/** Without a word about memory: a phone of 4 GB. */
const UNKNOWN_PHONE_BYTES = 4 * GIB;

/**
 * A graphics card of its own has 4 GB or more in nearly all computers that have WebGPU, of which the screen takes some
 * (mlc-llm issue 374: refused at 2.9 GB of 4; web-llm issue 387: 5.5 GB of 4 lost the device). One in the processor shares
 * the computer's memory.
 */
const DISCRETE: Budget = { sureBytes: 2.9e9, possibleBytes: 12e9, hopelessBytes: 100e9, isPhone: false };
const INTEGRATED_SHARE = { sure: 0.38, possible: 0.7, hopeless: 1.1 } as const;
/** With 8 GB said there may be much more. */
const UNKNOWN_DESKTOP_BYTES = 8 * GIB;
const LARGE_DESKTOP_BYTES = 16 * GIB;
/** The largest that anyone browses with. */
const LARGEST_DESKTOP_BYTES = 100e9;

/** llama.cpp's WebAssembly has 4 GiB for everything; wllama's build with 64-bit addresses, which fewer browsers run, more. */
const WASM_BYTES = 3.6e9;
const WASM_POSSIBLE_BYTES = 8e9;
const WASM_HOPELESS_BYTES = 16e9;

/** Names of the makers whose adapters, in browsers' words, are cards of their own; others share the computer's memory. */
const DISCRETE_VENDORS: ReadonlySet<string> = new Set(['nvidia', 'amd', 'ati']);

export function memoryBudget(record: ModelRecord, device: DeviceReport): Budget {
  const budget = deviceBudget(record, device);
  if (record.engine === 'webllm') return budget;
  return {
    ...budget,
    sureBytes: Math.min(budget.sureBytes, WASM_BYTES),
    possibleBytes: Math.min(budget.possibleBytes, WASM_POSSIBLE_BYTES),
    hopelessBytes: Math.min(budget.hopelessBytes, WASM_HOPELESS_BYTES),
  };
}

function deviceBudget(record: ModelRecord, device: DeviceReport): Budget {
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
  const saysMost = memoryBytes === undefined || memoryBytes >= MOST_SAID_BYTES;
  const sure = (memoryBytes ?? UNKNOWN_DESKTOP_BYTES) * INTEGRATED_SHARE.sure;
  const possible = (saysMost ? LARGE_DESKTOP_BYTES : memoryBytes) * INTEGRATED_SHARE.possible;
  const hopeless = saysMost ? LARGEST_DESKTOP_BYTES : memoryBytes * INTEGRATED_SHARE.hopeless;
  const shared: Budget = { sureBytes: sure, possibleBytes: possible, hopelessBytes: hopeless, isPhone: false };
  const isDiscrete = record.engine === 'webllm' && DISCRETE_VENDORS.has(vendor.toLowerCase());
  // With little memory beside it a card of its own is an old and small one.
  return isDiscrete && saysMost ? DISCRETE : shared;
}

/** Adapters that only phones and tablets have. */
const PHONE_VENDORS: ReadonlySet<string> = new Set(['qualcomm', 'arm', 'img-tec', 'samsung']);

export function isPhone({ system, vendor }: DeviceReport): boolean {
  if (system === undefined) return PHONE_VENDORS.has(vendor.toLowerCase());
  return system === 'ios' || system === 'android';
}
