import { expect, test } from '../support/fixture.ts';

test('tells of a layer: configuration, shapes, weights and their values', async ({ page, user }) => {
  await user.openNetwork();
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

test('gives blocks rates and L2-SP weights of their own, undoable, over a reload', async ({ page, user }) => {
  await user.openNetwork();
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
