import { expect, type Locator, type Page } from '@playwright/test';

export const TOY_NAME = 'Toy, to try the app';
export const LLAMA_TOY_NAME = 'Toy for llama.cpp';

/** Loads the toy, which takes 5 s on SwiftShader, and writes a short answer; a loaded machine takes several times that. */
const ANSWER_TIMEOUT_MS = 90_000;

/** Waits until the files of a model's card are all there. */
export async function expectCheckable(card: Locator): Promise<void> {
  await expect(card.getByRole('button', { name: 'Check files' })).toBeVisible({ timeout: 30_000 });
}

/** The app as the user meets it: by role, accessible name and visible words. */
export class AlcovePage {
  readonly page: Page;
  readonly composer: Locator;
  /** Oldest first; of each question the branch that is shown. */
  readonly answers: Locator;
  readonly questions: Locator;
  readonly models: Locator;
  /** The list of chats: pinned ones, then the others, newest first. */
  readonly chats: Locator;
  readonly pinnedChats: Locator;
  /** What tells of archived chats, and unfolds them. */
  readonly archive: Locator;
  readonly search: Locator;
  readonly #side: Locator;
  readonly #origin: string;

  constructor(page: Page, origin: string) {
    this.page = page;
    this.#origin = origin;
    this.composer = page.getByRole('textbox', { name: 'Message' });
    this.answers = page.locator('article[part~="assistant"]');
    this.questions = page.locator('article[part~="user"]');
    this.models = page.locator('main.page').filter({ has: page.getByRole('heading', { name: 'Models', level: 1 }) });
    this.#side = page.getByRole('navigation', { name: 'Chats' });
    this.chats = this.#side.getByRole('listitem');
    this.pinnedChats = this.#side.getByRole('region', { name: 'Pinned' }).getByRole('listitem');
    this.archive = this.#side.getByText(/^\d+ archived chats?$/);
    this.search = page.getByRole('searchbox', { name: 'Search all chats' });
  }

  get address(): string {
    return `${this.#origin}/`;
  }

  async open(): Promise<void> {
    await this.page.goto(this.address);
    await this.expectOpen();
  }

  /** Waits for the page, and for the chat that its address names. */
  async expectOpen(): Promise<void> {
    await expect(this.composer).toBeVisible();
    const shown = this.questions.or(this.page.locator('main.page'));
    await expect
      .poll(async () => !new URL(this.page.url()).hash.startsWith('#/chat/') || (await shown.count()) > 0)
      .toBe(true);
  }

  // Models

  /** The card of a model, on the first page or in the list of models. */
  model(name: string): Locator {
    // Not what stands behind an open place and cannot be reached.
    const reachable = this.page.locator('alcove-chat-view:not([inert]), main.page');
    return reachable.getByRole('article', { name, exact: true }).filter({ visible: true }).last();
  }

  async openModels(): Promise<void> {
    // After a reload the page of the address opens by itself.
    if (new URL(this.page.url()).hash === '#/models') await expect(this.models).toBeVisible();
    if (await this.models.isVisible()) return;
    await this.openModelMenu();
    await this.page.getByRole('option', { name: 'All models…' }).click();
    await expect(this.models).toBeVisible();
  }

  /** The menu behind the header's model. */
  async openModelMenu(): Promise<Locator> {
    await this.page.getByTitle('Choose a model').click();
    const menu = this.page.getByRole('dialog', { name: 'Choose a model' });
    await expect(menu).toBeVisible();
    return menu;
  }

  async closeModels(): Promise<void> {
    if (!(await this.models.isVisible())) return;
    await this.models.getByRole('button', { name: 'Back to the chat' }).click();
    await expect(this.models).toBeHidden();
  }

  async download(name: string): Promise<void> {
    await this.openModels();
    await this.downloadButton(name).click();
  }

  downloadButton(name: string): Locator {
    return this.model(name).getByRole('button', { name: /^download/i });
  }

  async pause(name: string): Promise<void> {
    await this.model(name).getByRole('button', { name: 'Pause' }).click();
    await expect(this.model(name).getByText(/^Paused at/)).toBeVisible();
  }

  /** Takes the next step of a download that was paused or has failed. */
  async resume(name: string): Promise<void> {
    await this.model(name)
      .getByRole('button', { name: /^(Continue|Try again|Download it again|Repair)$/ })
      .click();
  }

  async expectDownloading(name: string): Promise<void> {
    await this.openModels();
    await expect(this.model(name).getByRole('button', { name: 'Pause' })).toBeVisible();
  }

  /** Waits for the end of a download. */
  async expectStored(name: string): Promise<void> {
    await this.openModels();
    await this.expectCheckable(name);
  }

  /** Waits for the end of a download in whatever list is open. */
  async expectCheckable(name: string): Promise<void> {
    await expectCheckable(this.model(name));
  }

  async expectNotStored(name: string): Promise<void> {
    await this.openModels();
    await expect(this.model(name)).toBeVisible();
    await expect(this.model(name).getByRole('button', { name: 'Check files' })).toBeHidden();
  }

  async verifyModel(name: string): Promise<void> {
    await this.openModels();
    await this.model(name).getByRole('button', { name: 'Check files' }).click();
  }

  async deleteModel(name: string): Promise<void> {
    await this.openModels();
    const button = this.model(name).getByRole('button', { name: 'Delete' });
    await button.click();
    await expect(this.model(name).getByRole('button', { name: 'Cancel' })).toBeVisible();
    await button.click();
  }

  /** From the first page to a chat with the toy. */
  async tryToy(): Promise<void> {
    await this.downloadButton(TOY_NAME).click();
    await expect(this.page.getByRole('heading', { name: 'What would you like to know?' })).toBeVisible();
  }

  /** From the first page to a chat with the toy for llama.cpp alone, which is in memory at once. */
  async tryLlamaToy(): Promise<void> {
    await this.download(LLAMA_TOY_NAME);
    await this.expectStored(LLAMA_TOY_NAME);
    await this.closeModels();
  }

  /** From the first page to a chat with the toy, whose variant for llama.cpp is stored too: another way to run it. */
  async tryBothToys(): Promise<void> {
    await this.tryToy();
    await this.download(LLAMA_TOY_NAME);
    await this.expectStored(LLAMA_TOY_NAME);
    await this.closeModels();
  }

  /** Lets the page ask an origin from its next load on, as the user does in the settings. */
  async allowHost(origin: string): Promise<void> {
    await this.page.addInitScript((allowed) => {
      if (location.protocol !== 'about:') localStorage.setItem('alcove-hosts', JSON.stringify({ allowed: [allowed] }));
    }, origin);
  }

  /** Adds a server with one model, whose host is allowed, and goes back to the chat. */
  async addServer(url: string): Promise<void> {
    await this.openPage('Settings');
    await this.page.getByRole('textbox', { name: 'Address of the server' }).fill(url);
    await this.page.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(this.page.getByText('1 model', { exact: true })).toBeVisible();
    await this.page.getByRole('button', { name: 'Back to the chat' }).click();
  }

  // How the model runs

  /** The notice of a change of the backend that the model runs on. */
  get backendNotice(): Locator {
    return this.page.getByRole('status', { name: 'Backend of the model' });
  }

  /** Waits until the notice says why the model runs elsewhere or not at all. It comes after loads that failed. */
  async expectBackendNotice(text: string): Promise<void> {
    await expect(this.backendNotice).toContainText(text, { timeout: ANSWER_TIMEOUT_MS });
  }

  /** The question about a load that crashed the page. */
  get loadQuestion(): Locator {
    return this.page.getByRole('alert', { name: 'A load that crashed the page' });
  }

  /** Waits until the model is on its way into memory, where a test holds it: its load is marked on the disk by then. */
  async expectLoading(): Promise<void> {
    await expect(this.answers.last().getByText(/^(Loading the model, \d|Preparing the model)/)).toBeVisible({
      timeout: ANSWER_TIMEOUT_MS,
    });
  }

  /** Waits until the model runs on the processor, and the page says so. */
  async expectOnProcessor(): Promise<void> {
    await expect(this.backendNotice.getByText(/^On the processor, .+ \(llama\.cpp\)$/)).toBeVisible({
      timeout: ANSWER_TIMEOUT_MS,
    });
  }

  // The chat

  async send(text: string): Promise<void> {
    await this.closeModels();
    await this.composer.fill(text);
    // On a phone Enter starts a new line.
    if ((await this.composer.getAttribute('enterkeyhint')) === 'send') await this.composer.press('Enter');
    else await this.page.getByRole('button', { name: 'Send', exact: true }).click();
  }

  /** Sends a message and waits for the end of its answer, which must contain `answer`. */
  async ask(text: string, answer: string): Promise<void> {
    const count = await this.answers.count();
    await this.send(text);
    await expect(this.answers).toHaveCount(count + 1);
    await this.expectAnswer(answer);
    await this.expectIdle();
  }

  /** Sends a message while the tab that runs the model is frozen or stopped: this one says so and, when it is asked to, answers. */
  async askAndTakeOver(text: string, answer: string): Promise<void> {
    await this.send(text);
    const takeOver = this.page.getByRole('button', { name: 'Take over here' });
    await expect(takeOver).toBeVisible();
    await expect(this.page.getByText('The tab that runs the model is not responding')).toBeVisible();
    await takeOver.click();
    await this.expectAnswer(answer);
    await expect(takeOver).toBeHidden();
  }

  /** Waits until the last answer has got to this text. */
  async expectAnswer(text: string): Promise<void> {
    await expect(this.answers.last()).toContainText(text, { timeout: ANSWER_TIMEOUT_MS });
  }

  /** The text of the last answer. */
  get shownText(): Locator {
    return this.answers.last().locator('alcove-markdown');
  }

  async expectIdle(): Promise<void> {
    await expect(this.page.getByRole('button', { name: 'Send' })).toBeVisible({ timeout: ANSWER_TIMEOUT_MS });
  }

  async stop(): Promise<void> {
    await this.page.getByRole('button', { name: 'Stop' }).click();
    await this.expectIdle();
    await expect(this.answers.last().getByText('Stopped. The answer so far is kept.')).toBeVisible();
  }

  async regenerate(): Promise<void> {
    await this.answers.last().getByRole('button', { name: 'Answer again' }).click();
  }

  /** Rewrites a message up to the point at which the new words only have to be sent. */
  async beginEdit(message: Locator, text: string): Promise<void> {
    await message.getByRole('button', { name: 'Edit', exact: true }).click();
    await message.getByRole('textbox', { name: 'New text of the message' }).fill(text);
  }

  async editQuestion(question: Locator, text: string): Promise<void> {
    await this.beginEdit(question, text);
    await this.sendEdited(question);
  }

  async sendEdited(question: Locator): Promise<void> {
    await question.getByRole('button', { name: 'Send' }).click();
  }

  /** Which of the messages that take the same place is shown: "2/3". */
  async expectBranch(message: Locator, place: string): Promise<void> {
    await expect(message.getByTitle('All branches')).toHaveText(place);
  }

  async toPreviousBranch(message: Locator): Promise<void> {
    await message.getByRole('button', { name: 'Previous version' }).click();
  }

  async toNextBranch(message: Locator): Promise<void> {
    await message.getByRole('button', { name: 'Next version' }).click();
  }

  /** Opens the panel of all branches of the chat. */
  async openBranches(message: Locator): Promise<Locator> {
    await message.getByTitle('All branches').click();
    return this.page.getByRole('dialog', { name: 'Branches' });
  }

  async deleteFrom(message: Locator): Promise<void> {
    await this.#choose(message, 'More', 'Delete from here');
    await expect(this.page.getByText('Deleted, with all messages that followed.')).toBeVisible();
  }

  /** Continues in a new chat that has what was said up to a message. */
  async fork(message: Locator): Promise<void> {
    await this.#choose(message, 'More', 'New chat from here');
    await expect(this.page.getByText(/^Started from “/)).toBeVisible();
  }

  async undo(): Promise<void> {
    await this.page.getByRole('button', { name: 'Undo' }).click();
  }

  async showStatistics(): Promise<void> {
    await this.answers.last().getByRole('button', { name: 'Statistics' }).click();
  }

  // The list of chats

  async newChat(): Promise<void> {
    await this.#side.getByRole('button', { name: 'New chat', exact: true }).click();
    await expect(this.answers).toHaveCount(0);
  }

  async openChat(title: string): Promise<void> {
    const entry = this.#side.getByRole('button', { name: title, exact: true });
    await entry.click();
    await expect(entry).toHaveAttribute('aria-current', 'page');
  }

  /** Reloads the page and opens a chat of the list. */
  async reopenChat(title: string): Promise<void> {
    await this.page.reload();
    await this.openChat(title);
  }

  /** Of several with this title, the first in the list. */
  async renameChat(title: string, newTitle: string): Promise<void> {
    await this.#chooseForChat(title, 'Rename');
    const field = this.#side.getByRole('textbox', { name: 'Name of the chat' });
    await field.fill(newTitle);
    await field.press('Enter');
  }

  async deleteChat(title: string): Promise<void> {
    await this.#chooseForChat(title, 'Delete');
  }

  async pinChat(title: string): Promise<void> {
    await this.#chooseForChat(title, 'Pin');
  }

  async archiveChat(title: string): Promise<void> {
    await this.#chooseForChat(title, 'Archive');
  }

  /** @param tags with commas between them */
  async tagChat(title: string, tags: string): Promise<void> {
    await this.#chooseForChat(title, 'Tags');
    const field = this.#side.getByRole('textbox', { name: 'Tags, separated by commas' });
    await field.fill(tags);
    await field.press('Enter');
  }

  /** What shows only the chats with a tag. */
  tagFilter(tag: string): Locator {
    return this.#side.getByRole('group', { name: 'Tags' }).getByRole('button', { name: tag, exact: true });
  }

  /** Moves a chat to a project by its menu. */
  async moveChat(title: string, project: string): Promise<void> {
    await this.#chooseForChat(title, 'Move to a project');
    await this.page.getByRole('menuitem', { name: project, exact: true }).click();
  }

  async #chooseForChat(title: string, action: string): Promise<void> {
    const chat = this.chats.filter({ hasText: title }).first();
    await chat.hover();
    await this.#choose(chat, `More for ${title}`, action);
  }

  async #choose(place: Locator, menu: string, action: string): Promise<void> {
    await place.getByRole('button', { name: menu, exact: true }).click();
    await this.page.getByRole('menuitem', { name: action, exact: true }).click();
  }

  // Settings

  /** The panel of the open chat: its persona, its settings, and saving it. */
  async openChatPanel(): Promise<Locator> {
    await this.page.getByRole('button', { name: 'This chat' }).click();
    const panel = this.page.getByRole('dialog', { name: 'This chat' });
    await expect(panel.getByRole('textbox', { name: 'System prompt' })).toBeVisible();
    return panel;
  }

  async closeChatPanel(): Promise<void> {
    const panel = this.page.getByRole('dialog', { name: 'This chat' });
    await panel.getByRole('button', { name: 'Close' }).click();
    await expect(panel).toBeHidden();
  }

  async openPage(name: 'Models' | 'Storage' | 'Settings'): Promise<void> {
    await this.#side.getByRole('link', { name }).click();
    await expect(this.page.getByRole('heading', { name, level: 1 })).toBeVisible();
  }

  async openSettings(): Promise<void> {
    await this.openPage('Settings');
    await expect(this.page.getByRole('heading', { name: 'All chats', level: 2, exact: true })).toBeVisible();
  }

  /** Clicks what saves a file, and returns where it lies. */
  async save(button: Locator): Promise<{ name: string; path: string }> {
    const [download] = await Promise.all([this.page.waitForEvent('download'), button.click()]);
    return { name: download.suggestedFilename(), path: await download.path() };
  }

  // Offline

  /** Waits until the service worker has all that a visit without a network needs. */
  async expectOfflineReady(): Promise<void> {
    await this.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  }
}
