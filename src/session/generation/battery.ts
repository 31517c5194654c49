/** A charge at which Chromium and Android offer to save energy. */
const LOW_LEVEL = 0.2;

/** https://www.w3.org/TR/battery-status/, which TypeScript's DOM types lack because only Chromium has it. */
interface BatteryNavigator {
  readonly getBattery?: () => Promise<{ readonly charging: boolean; readonly level: number }>;
}

/** Whether the device runs on a battery that is nearly empty. No browser says whether a battery saver is on. */
export async function isBatteryLow(source: BatteryNavigator = navigator as BatteryNavigator): Promise<boolean> {
  const battery = await source.getBattery?.().catch(() => undefined);
  return battery !== undefined && !battery.charging && battery.level <= LOW_LEVEL;
}
