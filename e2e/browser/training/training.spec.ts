import { readFile } from 'node:fs/promises';
import { latestRun } from '../../pages/studioPage.ts';
import { expect, test } from '../support/fixture.ts';

test('trains a head, stops with the best kept, thaws a block and trains on from there', async ({
  page,
  user,
  studio,
}) => {
  await user.openSample();
  await user.go('Training');
  await expect(page.getByRole('list', { name: 'Phases' })).toContainText('20 epochs at 0.003');
  await user.screenshot('training-empty');
  await user.set('Epochs for the head', 4000);
  await user.set('Patience', 0);
  await user.startTraining();
  await user.epochsOver(3);
  await page.getByRole('tab', { name: 'Log' }).click();
  await expect(page.getByRole('log')).toContainText('validation loss');
  await user.screenshot('training-running');
  await expect(page.getByTestId('figures')).toContainText('of 4000');
  await expect(page.getByTestId('figures')).toContainText('at most');
  await expect(page.getByTestId('figures')).toContainText(/[MG]B/);
  await page.getByRole('button', { name: 'Stop and keep best' }).click();
  await expect(page.getByTestId('result')).toContainText('Best: epoch', { timeout: 30_000 });
  await expect(user.state()).toHaveText('Done');
  const first = await latestRun(studio.data);
  const kept = (await first.json('result.json')) as { epochs: unknown[]; best: { valAccuracy: number } };
  expect(kept.epochs).toHaveLength(await user.epochs());

  await user.go('Network');
  await user.block('block_16').click();
  await user.go('Training');
  await page.getByRole('tab', { name: 'Settings' }).click();
  await user.set('Epochs with thawed layers', 2);
  await expect(page.getByTestId('result')).toContainText('6 layers are thawed');
  await page.getByRole('button', { name: 'Train on with this plan' }).click();
  await expect.poll(() => user.epochs(), { timeout: 60_000 }).toBe(2);
  await expect(page.getByTestId('result')).toContainText('The run it continues had', { timeout: 60_000 });
  const second = await latestRun(studio.data);
  expect(second.folder).not.toBe(first.folder);
  const run = (await second.json('run.json')) as { settings: { continueFrom: string; epochs: number } };
  expect(run.settings).toMatchObject({ continueFrom: first.folder, epochs: 0, fineTuneEpochs: 2 });
  const better = (await second.json('result.json')) as { cut: string; best: { valAccuracy: number } };
  expect(better.cut).toBe('block_16_expand');
  expect(better.best.valAccuracy).toBeGreaterThan(0.5);
  await user.screenshot('training-continued');
});

test('pauses before the next phase, thaws other layers there and goes on with them in the same run', async ({
  page,
  user,
  studio,
}) => {
  await user.openSample();
  await user.plan('Head only');
  await user.block('block_16').click();
  await user.go('Training');
  // Long enough for a person to ask for the pause.
  const head = 600;
  await user.set('Epochs for the head', head);
  await user.set('Patience', 0);
  await user.set('Epochs with thawed layers', 4000);
  await user.startTraining();
  await page.getByRole('checkbox', { name: 'Pause before the next phase' }).check();
  await expect(user.state()).toHaveText('Paused', { timeout: 60_000 });
  expect(await user.epochs()).toBe(head);

  await user.go('Network');
  await user.block('block_15').click();
  await user.go('Training');
  const form = page.getByRole('form', { name: 'Go on with another plan' });
  await expect(form).toContainText('12 layers are thawed; this run trains 6.');
  await form.getByLabel('Epochs').fill('2');
  expect(await user.violations()).toEqual([]);
  await user.screenshot('training-another-plan');
  await form.getByRole('button', { name: 'Go on with this plan' }).click();
  await user.trained();
  expect(await user.epochs()).toBe(head + 2);
  const phases = page.getByRole('list', { name: 'Phases' }).getByRole('listitem');
  await expect(phases).toHaveCount(2);
  await expect(phases.last()).toContainText('2 epochs');
  await user.screenshot('training-changed');

  const run = await latestRun(studio.data);
  const { settings } = (await run.json('run.json')) as {
    settings: { laterPhases: { after: number; thaw: string[] }[] };
  };
  expect(settings.laterPhases).toMatchObject([{ after: head, epochs: 2 }]);
  expect(settings.laterPhases[0]?.thaw).toHaveLength(12);
  const result = (await run.json('result.json')) as { cut: string; epochs: { phaseNumber: number }[] };
  expect(result.cut).toBe('block_15_expand');
  expect(result.epochs.map(({ phaseNumber }) => phaseNumber).slice(-3)).toEqual([1, 2, 2]);

  // On another day the log tells it all, with the time.
  await page.reload();
  await user.trained();
  await page.getByRole('tab', { name: 'Log' }).click();
  const log = page.getByRole('log');
  await expect(log).toContainText(`resumed after ${head} epochs`);
  await expect(log.locator('time').first()).toHaveAttribute('datetime', /^\d{4}-/);
  await user.screenshot('training-log');

  // A duplicate takes up the other plan where this run did, unless that is left out.
  await page.getByRole('tab', { name: /^Runs/ }).click();
  await page
    .getByRole('button', { name: /: more$/ })
    .first()
    .click();
  await page.getByRole('menuitem', { name: 'Duplicate with changes' }).click();
  const later = page.getByRole('region', { name: 'As in the run that was duplicated' });
  await expect(later).toContainText(`After epoch ${head} another plan: 2 epochs`);
  await expect(later).toContainText('12 layers thawed');
  expect(await user.violations()).toEqual([]);
  await user.screenshot('training-duplicated');
  await user.startTraining();
  await user.epochsOver(1);
  await expect(phases).toHaveCount(2);
  await expect(phases.first()).toContainText(`${head} epochs`);
  await page.getByRole('button', { name: 'Break off' }).click();
  await expect(user.state()).toHaveText('Stopped');
  const copy = (await (await latestRun(studio.data)).json('run.json')) as { settings: unknown };
  expect(copy.settings).toMatchObject({ laterPhases: settings.laterPhases });
  await later.getByRole('button', { name: 'Leave that out' }).click();
  await expect(later).toHaveCount(0);
});

test('draws within an epoch, hides lines, and saves a chart as PNG and CSV', async ({
  page,
  user,
  studio,
}) => {
  await user.openSample();
  // The project may have the plan of the test before.
  await user.plan('Head only');
  await user.go('Training');
  await user.set('Epochs for the head', 5);
  await user.startTraining();
  await expect(page.getByTestId('result')).toBeVisible({ timeout: 60_000 });
  const chart = page.locator('.chart').first();
  await chart.getByRole('button', { name: 'train', exact: true }).click();
  await expect(chart.locator('.plot')).toHaveAttribute('aria-label', /^Accuracy: validation [\d.]+ %$/);
  await chart.locator('.plot').hover();
  await expect(chart.locator('.readout')).toContainText('validation');

  await chart.getByRole('button', { name: 'Accuracy: more' }).click();
  const csv = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Save as CSV' }).click();
  const lines = (await readFile(await (await csv).path(), 'utf8')).trim().split('\n');
  expect(lines[0]).toBe('epoch,within epochs,train,validation');
  const result = (await (await latestRun(studio.data)).json('result.json')) as {
    epochs: { valAccuracy: number }[];
  };
  const values = lines.slice(1).flatMap((line) => line.split(',')[3] || []);
  expect(values.map(Number)).toEqual(result.epochs.map(({ valAccuracy }) => valAccuracy));

  await chart.getByRole('button', { name: 'Accuracy: more' }).click();
  const png = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Save as PNG' }).click();
  const bytes = await readFile(await (await png).path());
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  expect(bytes.length).toBeGreaterThan(2_000);
});

test('refuses a value a setting cannot have, and keeps the one before', async ({ page, user }) => {
  await user.openSample();
  await user.go('Training');
  const epochs = page.getByLabel('Epochs for the head', { exact: true });
  const before = await epochs.inputValue();
  await epochs.fill('-3');
  await expect(epochs).toHaveAttribute('aria-invalid', 'true');
  await page.getByRole('button', { name: 'More settings' }).click();
  await page.getByLabel('Dropout').fill('0.5');
  await expect(epochs).toHaveValue(before);
});

test('is never held up by training', async ({ page, user }) => {
  await page.evaluate(() => {
    const seen: number[] = [];
    Object.assign(window, { longTasks: seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.push(entry.duration);
    }).observe({ type: 'longtask' });
  });
  const tasks = (): Promise<number[]> =>
    page.evaluate(() => (window as unknown as { longTasks: number[] }).longTasks.splice(0));
  await user.openSample();
  await user.go('Training');
  await user.set('Epochs for the head', 4000);
  await user.set('Patience', 0);
  await user.startTraining();
  await user.epochsOver(20);
  await tasks();
  const before = await user.epochs();
  const started = Date.now();
  await user.epochsOver(before + 100);
  const [held, elapsed] = [await tasks(), Date.now() - started];
  const total = held.reduce((sum, duration) => sum + duration, 0);
  test.info().annotations.push({
    type: 'long tasks',
    description: `${held.length} over ${elapsed} ms, ${total.toFixed(0)} ms in all`,
  });
  // A share of the time, not a time: a machine with other things to do delays any page.
  expect(total / elapsed).toBeLessThan(0.1);
  await page.getByRole('button', { name: 'Break off' }).click();
  await expect(user.state()).toHaveText('Stopped');
});

for (const colorScheme of ['light', 'dark'] as const)
  test.describe(colorScheme, () => {
    test.use({ colorScheme });
    test('a finished training and its log are accessible', async ({ page, user }) => {
      await user.openSample();
      await user.go('Training');
      await user.set('Epochs for the head', 3);
      await page.getByRole('button', { name: 'More settings' }).click();
      expect(await user.violations()).toEqual([]);
      await user.startTraining();
      await expect(page.getByTestId('result')).toBeVisible({ timeout: 60_000 });
      await page.getByRole('tab', { name: 'Log' }).click();
      expect(await user.violations()).toEqual([]);
      await user.screenshot(`training-done-${colorScheme}`);
    });
  });
