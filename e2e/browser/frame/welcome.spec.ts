import { expect, test } from '../support/fixture.ts';

test('opens the sample from the start screen, is where it was after a reload, and offers it again later', async ({
  page,
  user,
}) => {
  await user.screenshot('welcome');
  await user.openSample();
  await expect(page.getByRole('banner')).toContainText('480 images in 6 classes');
  await expect(page.getByRole('navigation').getByRole('button', { name: 'Data (done)' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Training (next step)' })).toBeVisible();
  await user.go('Network');
  await page.reload();
  await expect(page.getByRole('button', { name: /^Network/ })).toHaveAttribute('aria-current', 'page');
  await expect(page.getByRole('banner')).toContainText('480 images in 6 classes');
  await page.getByRole('button', { name: 'Thaw', exact: true }).click();
  const recent = page.getByRole('button', { name: /^sample/ });
  await expect(recent).toBeVisible();
  await recent.click();
  await page.getByRole('heading', { name: '480 images in 6 classes' }).waitFor();
  await page.getByRole('button', { name: 'Thaw', exact: true }).click();
  await page.getByRole('button', { name: 'Take sample off the list' }).click();
  await expect(recent).toHaveCount(0);
});

test('says what the engine runs on', async ({ user: { page } }) => {
  await expect(page.getByTestId('engine')).toContainText(/Native engine|Portable mode/, { timeout: 30_000 });
  await page.getByTestId('engine').click();
  await expect(page.getByRole('dialog')).toContainText('onnxruntime-node');
  const kept = page.getByTestId('cache');
  await expect(kept).toContainText(/Images known[\d,]+ files, [\d.]+ MB of at most/);
  await expect(kept.getByRole('button', { name: 'Clear what is kept' })).toBeVisible();
});

test('keeps the chosen theme', async ({ user: { page } }) => {
  const html = page.locator('html');
  await expect(html).toHaveAttribute('data-theme', 'light');
  await page.getByRole('button', { name: 'Theme' }).click();
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  await expect(html).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await expect(html).toHaveAttribute('data-theme', 'dark');
});

test('shows the way round, by keyboard, until it is skipped, and again when asked', async ({
  user: { page },
}) => {
  await page.getByRole('complementary').getByRole('button', { name: 'Take the tour' }).click();
  const tour = page.getByTestId('tour');
  await expect(tour).toContainText('Bring your images');
  await page.keyboard.press('ArrowRight');
  await expect(tour).toContainText('Choose what learns');
  const popover = await tour.boundingBox();
  const button = await page.locator('[data-tour="network"]').boundingBox();
  expect(popover?.x).toBeGreaterThan((button?.x ?? 0) + (button?.width ?? 0) - 1);
  await page.keyboard.press('Escape');
  await expect(tour).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('complementary', { name: 'New here?' })).toHaveCount(0);
  await page.getByRole('banner').getByRole('button', { name: 'Take the tour' }).click();
  await expect(tour).toContainText('Bring your images');
});

test('finds commands by name', async ({ page, user }) => {
  await page.keyboard.press('Control+k');
  await page.keyboard.type('insi');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /^Insight/ })).toHaveAttribute('aria-current', 'page');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('sample');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '480 images in 6 classes' }).waitFor();
  await user.go('Network');
});

for (const colorScheme of ['light', 'dark'] as const)
  test.describe(colorScheme, () => {
    test.use({ colorScheme });
    test('the start screen and what lies over it are accessible', async ({ page, user }) => {
      expect(await user.violations()).toEqual([]);
      await page.keyboard.press('Control+k');
      await expect(page.getByRole('combobox')).toBeFocused();
      expect(await user.violations()).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('banner').getByRole('button', { name: 'Take the tour' }).click();
      await expect(page.getByTestId('tour')).toBeVisible();
      expect(await user.violations()).toEqual([]);
      await user.screenshot(`tour-${colorScheme}`);
    });
  });
