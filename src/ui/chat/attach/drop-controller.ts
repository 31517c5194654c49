import { msg } from '@lit/localize';
import type { LitElement, ReactiveController } from 'lit';
import type { PickedFile } from '../../../session/models/custom-models.ts';
import { droppedFiles } from '../../lib/pick-files.ts';
import { DropHint } from '../../models/add/drop-hint.ts';

/** Takes files that are dropped anywhere on the view around its host. While they are dragged over it, a hint says so. */
export class DropController implements ReactiveController {
  readonly #host: LitElement;
  readonly #onDrop: (files: Promise<readonly PickedFile[]>) => void;
  #hint: DropHint | undefined;
  #listening: AbortController | undefined;

  constructor(host: LitElement, onDrop: (files: Promise<readonly PickedFile[]>) => void) {
    this.#host = host;
    this.#onDrop = onDrop;
    host.addController(this);
  }

  hostConnected(): void {
    const root = this.#host.getRootNode();
    if (!(root instanceof ShadowRoot)) return;
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const view = root.host as HTMLElement;
    view.addEventListener('dragover', (event) => this.#onDragOver(event, root), { signal });
    // Within the view its own parts hide the elements that are left and entered.
    view.addEventListener('dragleave', () => this.#hide(), { signal });
    view.addEventListener('drop', (event) => this.#drop(event), { signal });
  }

  hostDisconnected(): void {
    this.#listening?.abort();
    this.#hide();
  }

  #onDragOver(event: DragEvent, root: ShadowRoot): void {
    if (event.defaultPrevented || !event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    if (this.#hint !== undefined) return;
    this.#hint = new DropHint();
    this.#hint.style.position = 'absolute';
    this.#hint.heading = msg('Drop files to attach them');
    this.#hint.detail = msg('Pictures and documents. They stay on this device.');
    root.append(this.#hint);
  }

  #drop(event: DragEvent): void {
    this.#hide();
    const { dataTransfer } = event;
    if (event.defaultPrevented || dataTransfer === null || dataTransfer.files.length === 0) return;
    // Keeps the browser from navigating to the file.
    event.preventDefault();
    this.#onDrop(droppedFiles(dataTransfer));
  }

  #hide(): void {
    this.#hint?.remove();
    this.#hint = undefined;
  }
}
