import type { ModelRecord } from '../models/model-record.ts';

/**
 * Fired before the element downloads a model, each time it would otherwise offer the download to the user. Nothing of the
 * model has been fetched yet.
 *
 * - Without a call, the element shows a card with name, size, licence and source, and a button to download.
 * - `preventDefault()`: no card, no download. The host asks in its own way and calls `allow()` later, or never.
 * - `allow()`: the download starts at once, without the card. Call it only with the user's consent.
 */
export class DownloadConsentEvent extends Event {
  static readonly eventName = 'alcove-download-consent';

  readonly model: ModelRecord;
  /** Bytes of the whole download; an estimate when `isSizeExact` is false; undefined where it is unknown. */
  readonly sizeBytes: number | undefined;
  readonly isSizeExact: boolean;
  readonly #onAllow: () => void;

  constructor(model: ModelRecord, size: { bytes: number; isExact: boolean } | undefined, onAllow: () => void) {
    super(DownloadConsentEvent.eventName, { bubbles: true, composed: true, cancelable: true });
    this.model = model;
    this.sizeBytes = size?.bytes;
    this.isSizeExact = size?.isExact ?? false;
    this.#onAllow = onAllow;
  }

  /** Starts the download, now or later. A second call does nothing, nor does a call after the element shows another model. */
  allow(): void {
    this.preventDefault();
    this.#onAllow();
  }
}
