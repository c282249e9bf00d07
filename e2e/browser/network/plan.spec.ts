import { latestRun } from '../../pages/studioPage.ts';
import { expect, test } from '../support/fixture.ts';

test('says what a plan costs, and what is unwise about it', async ({ page, user }) => {
  await user.openSample();
  await user.go('Network');
  await expect(page.getByTestId('warning')).toHaveCount(0);
  // Measured on this machine, once the plan stands still.
  await expect(page.getByTestId('cost')).toContainText('an epoch', { timeout: 60_000 });
  await page.getByRole('button', { name: 'Everything' }).click();
  await expect(page.getByTestId('warning')).toContainText('Everything is thawed on');
  await page.getByTestId('warning').click();
  await expect(page.getByRole('dialog')).toContainText('Thaw the last blocks only');
  await user.screenshot('network-warning');
  await page.keyboard.press('Escape');
  await page.getByTestId('cost').click();
  await expect(page.getByRole('dialog')).toContainText('Gradients and optimizer');
  await user.screenshot('network-cost');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Head only' }).click();
  await expect(page.getByTestId('warning')).toHaveCount(0);
});

test('keeps the plan over a reload', async ({ page, user }) => {
  await user.openNetwork();
  await page.getByRole('button', { name: 'Last quarter' }).click();
  await expect(page.getByRole('button', { name: 'Last quarter' })).toHaveAttribute('aria-pressed', 'true');
  const shown = await user.thawed().textContent();
  await page.reload();
  await user.go('Network');
  await expect(user.thawed()).toHaveText(shown ?? '');
  await expect(page.getByRole('button', { name: 'Last quarter' })).toHaveAttribute('aria-pressed', 'true');
});

test('trains with the plan’s rates, shows how far layers went, and takes a run’s rates up again', async ({
  page,
  user,
  studio,
}) => {
  await user.openSample();
  await user.plan('Last block');
  await user.find('top');
  const factor = page.getByRole('spinbutton', { name: 'Factor of the learning rate' });
  await factor.fill('0.1');
  await factor.press('Enter');
  await user.go('Training');
  await user.set('Epochs for the head', 1);
  await user.set('Epochs with thawed layers', 1);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(user.state()).toHaveText('Done', { timeout: 90_000 });
  const { settings } = (await (await latestRun(studio.data)).json('run.json')) as {
    settings: { layerRates: unknown };
  };
  expect(settings.layerRates).toEqual({ top: 0.1 });

  await user.go('Network');
  await expect(page.getByTestId('heat-legend')).toContainText('of the weights');
  await expect(user.block('top')).toHaveClass(/hot/);
  await expect(user.block('top').locator('.bar-track')).toHaveAttribute('title', /^changed by/);
  await expect(user.block('head')).toHaveClass(/hot/);
  await expect(user.block('block_16')).not.toHaveClass(/hot/);
  await user.find('top');
  await expect(page.getByTestId('while-training')).toContainText('Drift from the start');
  await user.screenshot('network-heat');
  await page.getByRole('combobox', { name: 'Bars' }).selectOption('no bars');
  await expect(user.block('top')).not.toHaveClass(/hot/);
  await page.getByRole('combobox', { name: 'Bars' }).selectOption('as it trains');

  await page.getByRole('button', { name: 'Head only' }).click();
  await expect(factor).toBeDisabled();
  await user.go('Training');
  await page.getByRole('tab', { name: /^Runs/ }).click();
  await page.getByRole('button', { name: /: more$/ }).click();
  await page.getByRole('menuitem', { name: 'Duplicate with changes' }).click();
  await user.go('Network');
  await expect(user.block('top').locator('.factor')).toHaveText('× 0.1');
});

test('shows which features are cached, and what thawing from a block would cost', async ({ page, user }) => {
  await user.openSample();
  await user.plan('Last block');
  await user.go('Training');
  await user.set('Epochs for the head', 1);
  await user.set('Epochs with thawed layers', 1);
  // An earlier test's run of this project may be shown.
  await page.getByRole('button', { name: /^Train( a new head)?$/ }).click();
  await expect(user.state()).not.toHaveText('Done');
  await expect(user.state()).toHaveText('Done', { timeout: 90_000 });
  await user.go('Network');
  // Looked at again once the training has ended.
  await expect(user.block('top').locator('.kept.full')).toBeVisible({ timeout: 60_000 });
  await expect(user.block('head').locator('.kept.full')).toBeVisible();
  await expect(page.getByRole('list', { name: 'Legend' })).toContainText('Cached: thawing from here');
  await user.block('top').hover();
  await expect(page.getByTestId('hover-cost')).toContainText('none to compute, all are cached');
  await page.getByRole('button', { name: 'Head only' }).hover();
  await expect(page.getByTestId('hover-cost')).toHaveCount(0);
  await user.find('block_3');
  await expect(page.getByTestId('thawing')).toContainText('to compute');
  await expect(page.getByTestId('thawing')).toContainText('Memory');
  await user.screenshot('network-cached');
  await page.getByTestId('thawing').getByRole('button', { name: 'Thaw from here' }).click();
  await expect(user.block('block_3')).toHaveAttribute('data-state', 'thawed');
  await expect(user.block('block_2')).toHaveAttribute('data-state', 'frozen');
});
