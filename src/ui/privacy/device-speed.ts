import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { type DeviceBenchmark, wasUnderLoad } from '../../models/device.ts';
import type { SessionState } from '../../session/state/session-state.ts';
import { baseStyles } from '../base/base.styles.ts';
import { panelStyles } from '../base/panel.styles.ts';
import { ModelActionEvent } from '../contract/events.ts';
import { customElement } from '../lib/custom-element.ts';
import { formatBytesPerSecond, formatNumber } from '../lib/format.ts';

/**
 * @summary How fast this device is, in figures, and a button to measure it, or to measure it again.
 * @event alcove-model-action `measure`
 */
@customElement('alcove-device-speed')
export class DeviceSpeed extends LitElement {
  static override readonly styles = [
    baseStyles,
    panelStyles,
    css`
      :host {
        gap: 10px;
        margin-block-start: 28px;
      }

      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 6px 16px;
        font-size: var(--_text-s);
      }

      dt {
        color: var(--_text-muted);
      }
    `,
  ];

  @property({ attribute: false }) state: SessionState | undefined;

  override render(): TemplateResult | typeof nothing {
    const { device, deviceCheck, benchmark } = this.state ?? {};
    if (device === undefined) return nothing;
    return html`<h3>${msg('Speed of this device')}</h3>
      ${
        benchmark === undefined
          ? html`<p class="muted small">${msg('Not measured yet: the speed of models is an estimate.')}</p>`
          : html`<dl>${figures(benchmark).map(({ name, value }) => html`<dt>${name}</dt><dd class="numbers">${value}</dd>`)}</dl>
            ${wasUnderLoad(benchmark) ? html`<p class="muted small">${msg('The device was busy meanwhile, so it is faster than this. It is measured again when it is idle.')}</p>` : nothing}`
      }
      <div class="controls">${measureButton(deviceCheck, () => this.dispatchEvent(new ModelActionEvent('measure', '')))}</div>`;
  }
}

/** A multiplication and an addition. */
const OPERATIONS_PER_WEIGHT = 2;

/** One line of the figures. */
interface Fact {
  readonly name: string;
  readonly value: string;
}

/** Measures this device, in two seconds, and again. */
export function measureButton(deviceCheck: SessionState['deviceCheck'], onClick: () => void): TemplateResult {
  return html`<button type="button" class="button quiet" ?disabled=${deviceCheck === 'measuring'} @click=${onClick}>
    ${
      deviceCheck === 'measuring'
        ? msg('Measuring…')
        : deviceCheck === 'measured'
          ? msg('Measure again')
          : msg('Measure this device (2 s)')
    }
  </button>`;
}

function figures({ cpu, gpu }: DeviceBenchmark): readonly Fact[] {
  const all = cpu.threads ?? cpu;
  return [
    ...(gpu === undefined
      ? []
      : [
          { name: msg('Graphics card reads'), value: formatBytesPerSecond(gpu.bytesPerSecond) },
          { name: msg('Graphics card computes'), value: billions(gpu.weightsPerSecond * OPERATIONS_PER_WEIGHT) },
        ]),
    { name: msg('Processor reads'), value: formatBytesPerSecond(all.bytesPerSecond) },
    { name: msg('Processor computes'), value: billions(all.operationsPerSecond) },
    { name: msg('Threads'), value: formatNumber(cpu.threads?.count ?? 1) },
  ];
}

function billions(perSecond: number): string {
  return msg(str`${formatNumber(perSecond / 1e9, perSecond < 1e10 ? 1 : 0)} billion operations/s`);
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-device-speed': DeviceSpeed;
  }
}
