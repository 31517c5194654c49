import { expect, type Locator } from '@playwright/test';
import type { AlcovePage } from './alcove-page.ts';

/** The page that lists all models. */
export class ModelsPage {
  readonly searchBox: Locator;
  /** Those that are shown. */
  readonly rows: Locator;
  readonly #app: AlcovePage;

  constructor(app: AlcovePage) {
    this.#app = app;
    const list = app.page.getByRole('list', { name: 'Models' });
    this.searchBox = app.page.getByRole('searchbox', { name: 'Search models' });
    this.rows = list.getByRole('listitem').filter({ visible: true });
  }

  async open(): Promise<void> {
    await this.#app.open();
    await this.#app.openPage('Models');
    await expect(this.searchBox).toBeVisible();
    await expect(this.rows.first()).toBeVisible();
  }

  async search(text: string): Promise<void> {
    await this.searchBox.fill(text);
  }

  row(name: string): Locator {
    return this.rows.filter({ has: this.#app.page.getByRole('button', { name, exact: true }) });
  }
}
