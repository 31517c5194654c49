import { expect, type FrameLocator, type Locator } from '@playwright/test';

/** Begins to use an embedded chat, as a user does who goes to its field. Before that it asks for nothing. */
export async function use(chat: Locator | FrameLocator): Promise<void> {
  await chat.getByRole('textbox').focus();
}

/** Begins to use an embedded chat, and agrees to the download that it then offers. */
export async function agree(chat: Locator | FrameLocator): Promise<void> {
  await use(chat);
  await chat.getByRole('button', { name: /^Download/ }).click();
}

/** Waits until the chat has taken the place of its shell: the model is stored. */
export async function takenOver(chat: Locator): Promise<void> {
  await expect(chat.locator('alcove-chat-view')).toBeVisible();
  await expect(chat.locator('alcove-chat-shell')).toHaveCount(0);
}
