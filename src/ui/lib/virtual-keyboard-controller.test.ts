import { html, LitElement, type TemplateResult } from 'lit';
import { expect, test } from 'vitest';
import { type ViewportLike, VirtualKeyboardController } from './virtual-keyboard-controller.ts';

/** A viewport as Safari has it, which this browser does not. */
class Viewport extends EventTarget implements ViewportLike {
  height = innerHeight;
  scale = 1;

  change(height: number, scale = 1): void {
    this.height = height;
    this.scale = scale;
    this.dispatchEvent(new Event('resize'));
  }
}

const viewport = new Viewport();

class Room extends LitElement {
  constructor() {
    super();
    new VirtualKeyboardController(this, viewport);
  }

  override render(): TemplateResult {
    return html``;
  }
}
customElements.define('test-keyboard-room', Room);

test('an on-screen keyboard reduces the app’s height while it is open', () => {
  const room = new Room();
  document.body.append(room);
  viewport.change(innerHeight - 260);
  expect(room.style.blockSize).toBe(`${innerHeight - 260}px`);
  viewport.change(innerHeight);
  expect(room.style.blockSize).toBe('');
  room.remove();
  viewport.change(innerHeight - 260);
  expect(room.style.blockSize).toBe('');
});

test('neither browser bars nor pinch zoom change the height', () => {
  const room = new Room();
  document.body.append(room);
  viewport.change(innerHeight - 60);
  expect(room.style.blockSize).toBe('');
  viewport.change(innerHeight / 2, 2);
  expect(room.style.blockSize).toBe('');
  room.remove();
});
