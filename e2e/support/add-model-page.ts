import { expect, type Locator, type Page } from '@playwright/test';
import { expectCheckable } from './alcove-page.ts';

/** A file as the user would choose it. */
export interface DiskFile {
  readonly name: string;
  readonly buffer: Buffer;
}

/** The place where models are added, as the user meets it. */
export class AddModelPage {
  readonly page: Page;
  readonly field: Locator;
  readonly name: Locator;

  constructor(page: Page) {
    this.page = page;
    this.field = page.getByRole('textbox', { name: 'Repository or address' });
    this.name = page.getByRole('textbox', { name: 'Name' });
  }

  async open(): Promise<void> {
    await this.page.evaluate(() => {
      location.hash = '#add';
    });
    await expect(this.page.getByRole('heading', { name: 'Add a model' })).toBeVisible();
    await expect(this.field).toBeVisible();
  }

  /** A repository's name, or an address. */
  async look(text: string): Promise<void> {
    await this.field.fill(text);
    await this.page.getByRole('button', { name: 'Look up', exact: true }).click();
  }

  /** Files that the user chooses, in a browser without handles. */
  async choose(...files: readonly DiskFile[]): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser');
    await this.page.getByRole('button', { name: 'Choose a file' }).click();
    await (await chooser).setFiles(files.map((file) => ({ ...file, mimeType: 'application/octet-stream' })));
  }

  /** @param target default: the place that is made for it */
  async drop(file: DiskFile, target: Locator = this.page.getByText('From your disk')): Promise<void> {
    const transfer = await this.page.evaluateHandle(
      ({ name, base64 }) => {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        const made = new DataTransfer();
        made.items.add(new File([bytes], name));
        return made;
      },
      { name: file.name, base64: file.buffer.toString('base64') },
    );
    await target.dispatchEvent('drop', { dataTransfer: transfer });
  }

  async addAndUse(): Promise<void> {
    await this.page.getByRole('button', { name: 'Add and use' }).click();
    await expect(this.page.getByRole('heading', { name: 'Add a model' })).toBeHidden();
  }

  async addAndDownload(): Promise<void> {
    await this.page.getByRole('button', { name: 'Add and download' }).click();
    await expect(this.page.getByRole('heading', { name: 'Models', exact: true })).toBeVisible();
  }

  /** Takes it into the list, without a download. */
  async addOnly(name: string): Promise<void> {
    await this.name.fill(name);
    await this.page.getByRole('button', { name: 'Add only' }).click();
  }

  /** Stores what is opened where it lies, and waits until it is checked. */
  async copyIntoBrowser(card: Locator): Promise<void> {
    await this.openMenu(card);
    await card.getByRole('button', { name: 'Copy into the browser' }).click();
    await expectCheckable(card);
  }

  /** From any page to a stored copy of a file from the disk. @param card of the model with this name, in the list */
  async store(file: DiskFile, name: string, card: Locator): Promise<void> {
    await this.open();
    await this.choose(file);
    await this.addOnly(name);
    await this.copyIntoBrowser(card);
  }

  async toChat(): Promise<void> {
    await this.page.getByRole('button', { name: 'Back to the chat' }).click();
  }

  /** Opens the menu of a model in the list. */
  async openMenu(card: Locator): Promise<void> {
    await card.getByText('More', { exact: true }).click();
  }
}
