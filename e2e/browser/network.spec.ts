import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { StudioPage } from '../pages/studioPage.ts';
import { serveStudio } from './studio.ts';

const screenshots = path.resolve(import.meta.dirname, '..', '..', 'test-results', 'screenshots');
let studio: Awaited<ReturnType<typeof serveStudio>>;

test.beforeAll(async () => {
  studio = await serveStudio();
});
test.afterAll(async () => {
  await studio.stop();
});

async function open(page: Page): Promise<StudioPage> {
  await page.goto(studio.url);
  const user = new StudioPage(page);
  await user.go('Network');
  await expect(user.block('block_16')).toBeVisible();
  return user;
}

test('opens blocks to their layers, with residual branches as edges between layers', async ({ page }) => {
  const user = await open(page);
  const route = (name: string) => page.locator(`[data-route="${name}"]`);
  await expect(route('block_4 > block_5')).toBeAttached();
  await user.block('block_5').getByRole('button', { name: 'Show the layers of block_5' }).click();
  await page.getByRole('button', { name: 'Show the whole network' }).click();
  await expect(user.layer('block_5_add')).toBeVisible();
  await expect(route('block_5_project_BN > block_5_add')).toBeAttached();
  await expect(route('block_4 > block_5_add')).toBeAttached();
  await user.layer('block_5_expand').click();
  await expect(user.layer('block_5_expand')).toHaveAttribute('data-state', 'thawed');
  await expect(user.block('block_5')).toHaveAttribute('data-state', 'partly');
  // What a thawed layer reads is cached; behind it a gradient runs.
  await expect(route('block_4 > block_5_expand')).toHaveClass(/cut/);
  await expect(route('block_5_expand > block_5_expand_BN')).toHaveClass(/trained/);
  await user.block('block_5').getByRole('button', { name: 'Hide the layers of block_5' }).click();
  await expect(user.layer('block_5_expand')).toHaveCount(0);
});

test('keeps only what is in view on the page', async ({ page }) => {
  const user = await open(page);
  await page.getByRole('button', { name: 'Open all blocks' }).click();
  await expect.poll(() => user.nodesLaidOut()).toBeGreaterThan(150);
  await page.getByRole('button', { name: 'Top to bottom' }).click();
  await expect.poll(() => page.locator('.node').count()).toBeLessThan(40);
  await expect(user.layer('Conv1')).toBeVisible();
  await expect(user.layer('block_16_expand')).toHaveCount(0);
  await page.getByRole('button', { name: 'Show the whole network' }).click();
  await expect(user.layer('block_16_expand')).toBeAttached();
  await page.getByRole('button', { name: 'Close all blocks' }).click();
  await expect(user.layer('block_16_expand')).toHaveCount(0);
  await expect(user.block('block_0')).toBeVisible();
});

test('is worked by keyboard alone', async ({ page }) => {
  const user = await open(page);
  await page.getByTestId('cost').focus();
  await page.keyboard.press('Tab');
  const focused = () =>
    page.evaluate(() => document.activeElement?.closest('.node')?.getAttribute('data-item'));
  await expect.poll(focused).toBe('block:stem');
  await page.keyboard.press('ArrowRight');
  await expect.poll(focused).toBe('block:block_0');
  await page.keyboard.press('f');
  await expect(user.block('block_0')).toHaveAttribute('data-state', 'thawed');
  await expect(user.announcement()).toContainText('block_0 thawed. 4 thawed of 104 layers');
  await page.keyboard.press('Enter');
  await expect(user.layer('expanded_conv_depthwise')).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect.poll(focused).toBe('layer:expanded_conv_depthwise');
  await page.keyboard.press('ArrowDown');
  await expect.poll(focused).toBe('layer:expanded_conv_depthwise_BN');
  await page.keyboard.press('Shift+F');
  await expect(user.layer('expanded_conv_depthwise')).toHaveAttribute('data-state', 'frozen');
  await expect(user.block('block_1')).toHaveAttribute('data-state', 'thawed');
  await page.keyboard.press('Enter');
  await expect(user.layer('expanded_conv_depthwise')).toHaveCount(0);
  await expect.poll(focused).toBe('block:block_0');
  await page.keyboard.press('End');
  await expect.poll(focused).toBe('block:head of ours');
  await page.keyboard.press('Control+z');
  await expect(user.thawed()).toContainText('4 thawed');
  await page.keyboard.press('Control+Shift+z');
  await expect(user.block('block_1')).toHaveAttribute('data-state', 'thawed');
});

test('finds a layer and goes there', async ({ page }) => {
  const user = await open(page);
  await page.keyboard.press('/');
  const find = page.getByRole('combobox', { name: 'Find a layer, block or type' });
  await find.fill('depthwise 12');
  await expect(page.getByRole('listbox', { name: 'Find' }).getByRole('option')).toHaveCount(3);
  await page.screenshot({ path: path.join(screenshots, 'network-find.png') });
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(user.layer('block_12_depthwise_BN')).toBeInViewport();
  await expect(page.getByRole('heading', { name: 'block_12_depthwise_BN' })).toBeVisible();
  await page.keyboard.press('/');
  await find.fill('no such layer');
  await expect(page.getByText('0 found').first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(find).toHaveCount(0);
});

test('selects several nodes and thaws them together, by click and by dragging', async ({ page }) => {
  const user = await open(page);
  await user.block('block_2').click({ modifiers: ['ControlOrMeta'] });
  await expect(user.block('block_2')).toHaveAttribute('data-state', 'frozen');
  await user.block('block_7').click({ modifiers: ['ControlOrMeta'] });
  await page.getByRole('toolbar', { name: '2 selected' }).getByRole('button', { name: 'Thaw' }).click();
  for (const name of ['block_2', 'block_7'])
    await expect(user.block(name)).toHaveAttribute('data-state', 'thawed');
  await expect(user.block('block_3')).toHaveAttribute('data-state', 'frozen');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(user.thawed()).toContainText('0 thawed');

  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByRole('button', { name: 'Select by dragging' }).click();
  const first = await user.block('stem').boundingBox();
  const second = await user.block('block_0').boundingBox();
  await page.mouse.move((first?.x ?? 0) - 10, (first?.y ?? 0) + 20);
  await page.mouse.down();
  await page.mouse.move((second?.x ?? 0) + 60, (second?.y ?? 0) + 60, { steps: 8 });
  await page.mouse.up();
  await page.getByRole('toolbar', { name: '2 selected' }).getByRole('button', { name: 'Thaw' }).click();
  await expect(user.block('stem')).toHaveAttribute('data-state', 'thawed');
  await expect(user.block('block_1')).toHaveAttribute('data-state', 'frozen');
});

test('says what a plan costs, and what is unwise about it', async ({ page }) => {
  await page.goto(studio.url);
  const user = new StudioPage(page);
  await user.openSample();
  await user.go('Network');
  await expect(page.getByTestId('warning')).toHaveCount(0);
  // Measured on this machine, once the plan stands still.
  await expect(page.getByTestId('cost')).toContainText('an epoch', { timeout: 60_000 });
  await page.getByRole('button', { name: 'Everything' }).click();
  await expect(page.getByTestId('warning')).toContainText('Everything is thawed on');
  await page.getByTestId('warning').click();
  await expect(page.getByRole('dialog')).toContainText('Thaw the last blocks only');
  await page.screenshot({ path: path.join(screenshots, 'network-warning.png') });
  await page.keyboard.press('Escape');
  await page.getByTestId('cost').click();
  await expect(page.getByRole('dialog')).toContainText('Gradients and optimizer');
  await page.screenshot({ path: path.join(screenshots, 'network-cost.png') });
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Head only' }).click();
  await expect(page.getByTestId('warning')).toHaveCount(0);
});

test('keeps the plan over a reload', async ({ page }) => {
  const user = await open(page);
  await page.getByRole('button', { name: 'Last quarter' }).click();
  await expect(page.getByRole('button', { name: 'Last quarter' })).toHaveAttribute('aria-pressed', 'true');
  const shown = await user.thawed().textContent();
  await page.reload();
  await user.go('Network');
  await expect(user.thawed()).toHaveText(shown ?? '');
  await expect(page.getByRole('button', { name: 'Last quarter' })).toHaveAttribute('aria-pressed', 'true');
});

test('tells of a layer: configuration, shapes, weights and their values', async ({ page }) => {
  const user = await open(page);
  await user.find('block_6_depthwise');
  const details = page.getByRole('region', { name: 'block_6_depthwise', exact: true });
  await expect(details.getByTestId('configuration')).toContainText('Kernel3 × 3');
  await expect(details.getByTestId('configuration')).toContainText('2 × 2: the output is smaller by as much');
  await expect(details).toContainText('Input17 × 17 × 96');
  await expect(details).toContainText('Output8 × 8 × 96');
  await expect(details.getByRole('row', { name: 'depthwise_kernel 3 × 3 × 96 × 1 864' })).toBeVisible();
  await details.getByText('Values of the weights').click();
  await expect(details.getByRole('img', { name: 'Histogram of depthwise_kernel' })).toBeVisible();
  await expect(details.locator('[data-weight="depthwise_kernel"]')).toContainText('deviation');

  // What its batch normalisation does follows the plan.
  await user.find('block_6_depthwise_BN');
  await expect(page.getByTestId('norm-mode')).toContainText('it is frozen');
  await expect(page.getByRole('img', { name: 'Histogram of moving_variance' })).toBeVisible();
  await user.layer('block_6_depthwise_BN').focus();
  await page.keyboard.press('f');
  await expect(page.getByTestId('norm-mode')).toContainText('its scale and shift learn');
});

test('gives blocks rates and L2-SP weights of their own, undoable, over a reload', async ({ page }) => {
  const user = await open(page);
  await page.getByRole('button', { name: 'Last quarter' }).click();
  await user.find('block_15');
  const factor = page.getByRole('spinbutton', { name: 'Factor of the learning rate' });
  await factor.fill('0.5');
  await factor.press('Enter');
  await expect(user.block('block_15').locator('.factor')).toHaveText('× 0.5');
  await page.getByRole('slider', { name: 'Learning rate' }).fill('-1');
  await expect(user.block('block_15').locator('.factor')).toHaveText('× 0.1');
  const pull = page.getByRole('spinbutton', { name: 'L2-SP weight' });
  await pull.fill('0.01');
  await pull.press('Enter');
  await expect(user.block('block_15').locator('.factor')).toHaveAttribute('title', 'L2-SP 0.01');
  await page.reload();
  await user.go('Network');
  await expect(user.block('block_15').locator('.factor')).toHaveText('× 0.1');

  await page.getByRole('button', { name: 'Discriminative rates' }).click();
  await expect(user.block('block_16').locator('.factor')).toHaveText('× 0.15');
  await expect(user.block('block_15').locator('.factor')).toHaveText('× 0.057');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(user.block('block_16').locator('.factor')).toHaveCount(0);
  await expect(user.block('block_15').locator('.factor')).toHaveText('× 0.1');
});

test('trains with the plan’s rates, shows how far layers went, and takes a run’s rates up again', async ({
  page,
}) => {
  await page.goto(studio.url);
  const user = new StudioPage(page);
  await user.openSample();
  await user.go('Network');
  await page.getByRole('button', { name: 'Last block' }).click();
  await user.find('top');
  const factor = page.getByRole('spinbutton', { name: 'Factor of the learning rate' });
  await factor.fill('0.1');
  await factor.press('Enter');
  await user.go('Training');
  await user.set('Epochs for the head', 1);
  await user.set('Epochs with thawed layers', 1);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(user.state()).toHaveText('Done', { timeout: 90_000 });
  const files = await readdir(studio.data, { recursive: true });
  const [run = ''] = files.filter((file) => path.basename(file) === 'run.json');
  const { settings } = JSON.parse(await readFile(path.join(studio.data, run), 'utf8')) as {
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
  await page.screenshot({ path: path.join(screenshots, 'network-heat.png') });
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

test('shows which features are cached, and what thawing from a block would cost', async ({ page }) => {
  await page.goto(studio.url);
  const user = new StudioPage(page);
  await user.openSample();
  await user.go('Network');
  await page.getByRole('button', { name: 'Last block' }).click();
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
  await page.screenshot({ path: path.join(screenshots, 'network-cached.png') });
  await page.getByTestId('thawing').getByRole('button', { name: 'Thaw from here' }).click();
  await expect(user.block('block_3')).toHaveAttribute('data-state', 'thawed');
  await expect(user.block('block_2')).toHaveAttribute('data-state', 'frozen');
});

test('draws a large network as one picture while it is far away, and lets it be worked all the same', async ({
  page,
}) => {
  await page.addInitScript(() => {
    const plan = { backbone: 'nasnetmobile', weightsHash: '', thawed: [], rates: [], l2sp: [] };
    localStorage.setItem('plan', JSON.stringify(plan));
  });
  await page.goto(studio.url);
  const user = new StudioPage(page);
  await user.go('Network');
  await expect(page.locator('.node').first()).toBeVisible();
  await page.getByRole('button', { name: 'Open all blocks' }).click();
  await expect.poll(() => user.nodesLaidOut()).toBeGreaterThan(700);
  await expect(page.locator('canvas.overview')).toBeVisible();
  await expect(page.locator('.node')).toHaveCount(0);
  await page.screenshot({ path: path.join(screenshots, 'network-far.png') });
  // By pointer: the block under it is named, and a click thaws it.
  const box = await page.locator('.graph').boundingBox();
  const named = page.getByTestId('hover-cost');
  let share = 0.2;
  await expect
    .poll(async () => {
      share += 0.03;
      await page.mouse.move(
        (box?.x ?? 0) + share * (box?.width ?? 0),
        (box?.y ?? 0) + (box?.height ?? 0) / 2,
      );
      return named.count();
    })
    .toBe(1);
  await expect(named).toContainText('Thaw from cell_');
  await page.mouse.down();
  await page.mouse.up();
  await expect(page.getByTestId('thawed')).not.toContainText(/^0 thawed/);
  // By keyboard: where it goes, there is an element.
  await page.keyboard.press('Home');
  await expect(page.locator('.node.active .face')).toBeFocused();
  await expect(page.locator('canvas.overview')).toHaveCount(0);
  await page.getByRole('button', { name: 'Show the whole network' }).click();
  await expect(page.locator('canvas.overview')).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`has no serious accessibility problem, closed and open, ${colorScheme}`, async ({ browser }) => {
    // Without motion, colours are there at once.
    const context = await browser.newContext({ colorScheme, reducedMotion: 'reduce' });
    const page = await context.newPage();
    const user = await open(page);
    const show = async (name: string): Promise<void> => {
      await page.screenshot({ path: path.join(screenshots, `network-${name}-${colorScheme}.png`) });
    };
    const check = async (name: string): Promise<void> => {
      await show(name);
      expect(await user.violations('.network')).toEqual([]);
    };
    await user.block('block_13').click({ modifiers: ['Shift'] });
    await check('closed');
    await user.block('block_8').getByRole('button', { name: 'Show the layers' }).click();
    await user.layer('block_8_expand').click();
    await check('open');
    await page.getByRole('button', { name: 'Open all blocks' }).click();
    await expect.poll(() => user.nodesLaidOut()).toBeGreaterThan(150);
    await show('all');
    await page.getByRole('button', { name: 'Top to bottom' }).click();
    await show('down');
    await page.getByRole('button', { name: 'Close all blocks' }).click();
    await page.setViewportSize({ width: 420, height: 800 });
    await page.getByRole('button', { name: 'In rows' }).click();
    await check('narrow');
    await context.close();
  });
}
