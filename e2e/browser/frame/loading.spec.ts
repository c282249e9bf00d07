import { StudioPage } from '../../pages/studioPage.ts';
import { expect, test } from '../support/fixture.ts';

test('the first screen loads without the stations, which come when the page is idle and then need no server', async ({
  page,
  studio,
}) => {
  const refused: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) refused.push(message.text());
  });
  const response = await page.goto(studio.url);
  const html = (await response?.text()) ?? '';
  const first = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(([, file]) => file ?? '');
  expect(first.filter((file) => file.includes('Station'))).toEqual([]);
  const bytes = await page.evaluate(
    async (files) =>
      (
        await Promise.all(files.map(async (file) => (await (await fetch(file)).arrayBuffer()).byteLength))
      ).reduce((sum, size) => sum + size, 0),
    first,
  );
  // The whole page is more than 1,000 kB; in one piece it was all here.
  expect(bytes).toBeLessThan(700_000);
  const loaded = () =>
    page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .map(({ name }) => /\/assets\/(\w+)-[^/]*\.js$/.exec(name)?.[1] ?? ''),
    );
  await expect
    .poll(loaded)
    .toEqual(
      expect.arrayContaining([
        'DataStation',
        'NetworkStation',
        'TrainingStation',
        'InsightStation',
        'ExportStation',
      ]),
    );
  await page.route('**/assets/**', (route) => route.abort());
  const user = new StudioPage(page);
  for (const station of ['Network', 'Training', 'Insight', 'Export', 'Data'] as const) {
    await user.go(station);
    await expect(page.locator('main')).not.toBeEmpty();
    await expect(page.getByRole('alert')).toHaveCount(0);
  }
  expect(refused).toEqual([]);
});

test('a station whose part cannot be loaded says so, and a reload finds it', async ({ page, studio }) => {
  await page.route('**/assets/NetworkStation*', (route) => route.abort());
  await page.goto(studio.url);
  const user = new StudioPage(page);
  await user.go('Network');
  await expect(page.getByRole('alert')).toContainText('This station cannot be shown');
  expect(await user.violations()).toEqual([]);
  await user.go('Data');
  await expect(page.getByRole('alert')).toHaveCount(0);
  await page.unroute('**/assets/NetworkStation*');
  await user.go('Network');
  await page.getByRole('button', { name: 'Reload the page' }).click();
  await user.go('Network');
  await expect(page.locator('.graph')).toBeVisible();
});
