import { expect, test } from '../support/fixture.ts';

test('opens blocks to their layers, with residual branches as edges between layers', async ({
  page,
  user,
}) => {
  await user.openNetwork();
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

test('keeps only what is in view on the page', async ({ page, user }) => {
  await user.openNetwork();
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

test('is worked by keyboard alone', async ({ page, user }) => {
  await user.openNetwork();
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

test('finds a layer and goes there', async ({ page, user }) => {
  await user.openNetwork();
  await page.keyboard.press('/');
  const find = page.getByRole('combobox', { name: 'Find a layer, block or type' });
  await find.fill('depthwise 12');
  await expect(page.getByRole('listbox', { name: 'Find' }).getByRole('option')).toHaveCount(3);
  await user.screenshot('network-find');
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

test('selects several nodes and thaws them together, by click and by dragging', async ({ page, user }) => {
  await user.openNetwork();
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

test('draws a large network as one picture while it is far away, and lets it be worked all the same', async ({
  page,
  user,
}) => {
  await page.addInitScript(() => {
    const plan = { backbone: 'nasnetmobile', weightsHash: '', thawed: [], rates: [], l2sp: [] };
    localStorage.setItem('plan', JSON.stringify(plan));
  });
  await page.reload();
  await user.go('Network');
  await expect(page.locator('.node').first()).toBeVisible();
  await page.getByRole('button', { name: 'Open all blocks' }).click();
  await expect.poll(() => user.nodesLaidOut()).toBeGreaterThan(700);
  await expect(page.locator('canvas.overview')).toBeVisible();
  await expect(page.locator('.node')).toHaveCount(0);
  await user.screenshot('network-far');
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

for (const colorScheme of ['light', 'dark'] as const)
  test.describe(colorScheme, () => {
    // Without motion, colours are there at once.
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });
    test('has no serious accessibility problem, closed and open', async ({ page, user }) => {
      await user.openNetwork();
      const show = async (name: string): Promise<void> => {
        await user.screenshot(`network-${name}-${colorScheme}`);
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
    });
  });
