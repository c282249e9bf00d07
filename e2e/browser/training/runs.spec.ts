import { cp, readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { StudioPage, latestRun, runsFolder } from '../../pages/studioPage.ts';
import { expect, test } from '../support/fixture.ts';

test('lists runs, names, compares, duplicates and deletes them', async ({ page, user, studio }) => {
  await user.openSample();
  await user.trainHead(3);
  await page.getByRole('button', { name: 'More settings' }).click();
  await page.getByLabel('Dropout').fill('0.5');
  await user.set('Epochs for the head', 4);
  await user.startTraining();
  await expect(user.state()).not.toHaveText('Done');
  await user.trained();
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
  const folders = (await readdir(runsFolder(studio.data))).sort();
  const titleFile = path.join(runsFolder(studio.data), folders[0] ?? '', 'title.json');
  expect(JSON.parse(await readFile(titleFile, 'utf8'))).toEqual({ title: 'Without dropout' });

  await rows.first().getByRole('checkbox').check();
  await rows.last().getByRole('checkbox').check();
  const comparison = page.getByTestId('comparison');
  await expect(comparison.locator('.plot canvas')).toHaveCount(2);
  await expect(comparison.getByRole('row', { name: /^Dropout/ })).toContainText('0.5');
  await expect(comparison.getByRole('row', { name: /^Epochs for the head/ })).toContainText('3');
  await expect(comparison.getByRole('row', { name: /^Seed/ })).toHaveCount(0);
  expect(await user.violations()).toEqual([]);
  await user.screenshot('runs-compared');

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
  expect(await readdir(runsFolder(studio.data))).toHaveLength(1);
});

test('shows a run that was broken off after a reload, and resumes it', async ({ page, user }) => {
  await user.openSample();
  await user.go('Training');
  await user.set('Epochs for the head', 4000);
  await user.set('Patience', 0);
  await user.startTraining();
  await user.epochsOver(1);
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

test('a project opened on another day shows its runs, and the last one’s curves and mistakes', async ({
  user,
  studio,
  browser,
}) => {
  await user.openSample();
  await user.trainHead(4);
  const last = await latestRun(studio.data);
  // One that was made before runs belonged to projects.
  await cp(last.folder, path.join(studio.data, 'runs', 'older'), { recursive: true });
  const own = (await readdir(runsFolder(studio.data))).length;

  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(studio.url);
  const later = await new StudioPage(page).ready();
  await page.getByRole('button', { name: /^sample/ }).click();
  await page.getByRole('heading', { name: '480 images in 6 classes' }).waitFor();
  await later.go('Training');
  await later.trained();
  expect(await later.epochs()).toBe(4);
  await expect(page.getByTestId('result')).toContainText(path.basename(last.folder));
  await expect(later.setting('Epochs for the head')).toHaveValue('4');
  await page.getByRole('tab', { name: `Runs (${own + 1})` }).click();
  await expect(page.locator('.run-table').getByRole('button', { name: 'older', exact: true })).toBeVisible();
  await later.go('Insight');
  await expect(page.getByRole('heading', { name: 'On the 72 images it was validated on' })).toBeVisible({
    timeout: 30_000,
  });
  await context.close();
});

test('a page that comes while a training runs joins it, with its project', async ({
  user,
  studio,
  browser,
}) => {
  await user.openSample();
  await user.go('Training');
  await user.set('Epochs for the head', 4000);
  await user.set('Patience', 0);
  await user.startTraining();
  await user.epochsOver(2);
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(studio.url);
  const other = await new StudioPage(page).ready();
  await expect(page.getByRole('banner')).toContainText('480 images in 6 classes');
  await other.go('Training');
  await other.epochsOver(await user.epochs());
  await expect(page.getByTestId('figures')).toContainText('of 4000');
  await page.getByRole('button', { name: 'Break off' }).click();
  await expect(other.state()).toHaveText('Stopped');
  await expect(user.state()).toHaveText('Stopped');
  await context.close();
});
