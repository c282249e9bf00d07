import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { StudioPage, serveStudio } from './studio.ts';

const screenshots = path.resolve(import.meta.dirname, '..', '..', 'test-results', 'screenshots');
let studio: Awaited<ReturnType<typeof serveStudio>>;

test.beforeAll(async () => {
  studio = await serveStudio();
});
test.afterAll(async () => {
  await studio.stop();
});

async function train(page: Page, user: StudioPage, epochs: number): Promise<void> {
  await user.set('Epochs for the head', epochs);
  await page.getByRole('button', { name: /^Train( a new head)?$/ }).click();
  await expect(user.state()).not.toHaveText('Done');
  await expect(user.state()).toHaveText('Done', { timeout: 60_000 });
}

test('lists runs, names, compares, duplicates and deletes them', async ({ page }) => {
  await page.goto(studio.url);
  const user = new StudioPage(page);
  await user.openSample();
  await user.go('Training');
  await train(page, user, 3);
  await page.getByRole('button', { name: 'More settings' }).click();
  await page.getByLabel('Dropout').fill('0.5');
  await train(page, user, 4);
  await expect(page.getByRole('tab', { name: 'Runs (2)' })).toBeVisible();

  await page.getByRole('tab', { name: /^Runs/ }).click();
  const rows = page.locator('.run-table tbody tr');
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText('done');
  await rows
    .last()
    .getByRole('button', { name: /: more$/ })
    .click();
  await page.getByRole('menuitem', { name: 'Rename…' }).click();
  await page.getByRole('textbox', { name: 'Name of this run' }).fill('Without dropout');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(rows.last()).toContainText('Without dropout');
  const folders = (await readdir(path.join(studio.data, 'runs'))).sort();
  const titleFile = path.join(studio.data, 'runs', folders[0] ?? '', 'title.json');
  expect(JSON.parse(await readFile(titleFile, 'utf8'))).toEqual({ title: 'Without dropout' });

  await rows.first().getByRole('checkbox').check();
  await rows.last().getByRole('checkbox').check();
  const comparison = page.getByTestId('comparison');
  await expect(comparison.locator('.plot canvas')).toHaveCount(2);
  await expect(comparison.getByRole('row', { name: /^Dropout/ })).toContainText('0.5');
  await expect(comparison.getByRole('row', { name: /^Epochs for the head/ })).toContainText('3');
  await expect(comparison.getByRole('row', { name: /^Seed/ })).toHaveCount(0);
  expect(await user.violations()).toEqual([]);
  await page.screenshot({ path: path.join(screenshots, 'runs-compared.png') });

  await page.getByRole('button', { name: 'Without dropout: more' }).click();
  await page.getByRole('menuitem', { name: 'Duplicate with changes' }).click();
  await expect(page.getByLabel('Epochs for the head', { exact: true })).toHaveValue('3');

  await page.getByRole('tab', { name: /^Runs/ }).click();
  await rows.last().locator('.title').click();
  await expect(page.getByTestId('result')).toContainText(folders[0] ?? '');
  expect(await user.epochs()).toBe(3);
  await user.go('Insight');
  await expect(page.getByRole('heading', { name: 'On the 72 images it was validated on' })).toBeVisible({
    timeout: 30_000,
  });

  await user.go('Training');
  await page.getByRole('tab', { name: /^Runs/ }).click();
  await page.getByRole('button', { name: 'Without dropout: more' }).click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  await expect(page.getByRole('alertdialog')).toContainText('not moved to the trash');
  expect(await user.violations()).toEqual([]);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(rows).toHaveCount(2);
  await page.getByRole('button', { name: 'Without dropout: more' }).click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  await page.getByRole('button', { name: 'Delete for good' }).click();
  await expect(rows).toHaveCount(1);
  expect(await readdir(path.join(studio.data, 'runs'))).toHaveLength(1);
});

test('shows a run that was broken off after a reload, and resumes it', async ({ page }) => {
  await page.goto(studio.url);
  const user = new StudioPage(page);
  await user.openSample();
  await user.go('Training');
  await user.set('Epochs for the head', 4000);
  await user.set('Patience', 0);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect.poll(() => user.epochs(), { timeout: 60_000 }).toBeGreaterThan(1);
  await page.getByRole('button', { name: 'Break off' }).click();
  await expect(user.state()).toHaveText('Stopped');
  const before = await user.epochs();
  await page.reload();
  await user.go('Training');
  await page.getByRole('tab', { name: /^Runs/ }).click();
  const row = page.locator('.run-table tbody tr').filter({ hasText: 'interrupted' });
  await row.locator('.title').click();
  await expect.poll(() => user.epochs()).toBe(before);
  await page.getByRole('button', { name: 'Resume this run' }).click();
  await expect.poll(() => user.epochs(), { timeout: 60_000 }).toBeGreaterThan(before);
  await page.getByRole('button', { name: 'Stop and keep best' }).click();
  await expect(user.state()).toHaveText('Done', { timeout: 30_000 });
});
