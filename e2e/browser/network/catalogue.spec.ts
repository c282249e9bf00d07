import { mkdtemp, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { weights } from '../../places.ts';
import type { StudioPage } from '../../pages/studioPage.ts';
import { expect, test } from '../support/fixture.ts';

const squeezeNet = path.join(
  weights,
  'squeezenet1.1_notop_keras_h5',
  'squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5',
);
const kerasModel = path.join(weights, 'thaw_mobilenet_v2_035_128', 'model.h5');
const missing = existsSync(squeezeNet) ? false : 'the real weights are not beside the checkout';

let publisher: Server;
let asked = 0;

/** What the studio is told: weights come from a publisher that gives none, into a cache that is empty. */
const environment: Record<string, string> = {};
test.use({ environment });

test.beforeAll(async () => {
  publisher = createServer((_, response) => {
    asked += 1;
    response.writeHead(403).end();
  });
  await new Promise<void>((resolve) => publisher.listen(0, '127.0.0.1', resolve));
  environment['THAW_CACHE'] = await mkdtemp(path.join(tmpdir(), 'thaw-e2e-cache-'));
  environment['THAW_WEIGHTS_HOST'] = `http://127.0.0.1:${(publisher.address() as AddressInfo).port}`;
});
test.afterAll(() => {
  publisher.close();
});

async function openCatalogue(user: StudioPage): Promise<void> {
  await user.go('Network');
  await user.page.getByRole('button', { name: 'Catalogue…' }).click();
  await expect(user.page.getByRole('heading', { name: 'Backbones' })).toBeVisible();
}

const row = (page: Page, name: string) => page.locator(`[data-backbone="${name}"]`);

test('lists every backbone, finds by name, downloads nothing unasked and says exactly why it cannot', async ({
  page,
  user,
}) => {
  await openCatalogue(user);
  await expect(row(page, 'resnet50')).toContainText('74.9 %');
  await expect(row(page, 'convnext-xlarge')).toContainText('MIT');
  expect(await user.violations('.catalogue')).toEqual([]);
  await page.getByRole('searchbox', { name: 'Find a backbone' }).fill('mobilenet-0');
  await expect(page.locator('[data-backbone]')).toHaveCount(3);
  expect(asked).toBe(0);
  await page.getByRole('button', { name: 'Download the weights of mobilenet-0.25' }).click();
  const alert = page.locator('.catalogue-error');
  await expect(alert).toContainText('forbids it (HTTP 403)');
  await expect(alert).toContainText('mobilenet_2_5_224_tf_no_top.h5');
  await expect(alert).toContainText('thaw backbones add');
  expect(asked).toBe(1);
  await alert.getByRole('button', { name: 'Dismiss' }).click();
  await expect(alert).toHaveCount(0);
});

test('takes weights the user has, and then the backbone can be used', async ({ page, user }) => {
  test.skip(missing !== false, String(missing));
  await openCatalogue(user);
  const squeeze = row(page, 'squeezenet-1.1');
  await expect(squeeze).toHaveAttribute('data-weights', 'add');
  await squeeze.locator('input[type="file"]').setInputFiles(squeezeNet);
  await expect(squeeze).toHaveAttribute('data-weights', 'here');
  await page.getByRole('button', { name: 'Use squeezenet-1.1' }).click();
  await expect(page.getByRole('heading', { name: 'Backbones' })).toHaveCount(0);
  await expect(page.locator('[data-block="fire2"]')).toBeVisible();
});

test('opens a whole Keras model that is handed over, and explains a file that is none', async ({
  page,
  user,
}) => {
  test.skip(missing !== false, String(missing));
  await openCatalogue(user);
  const choose = page.getByTestId('model-drop').locator('input[type="file"]');
  const folder = await mkdtemp(path.join(tmpdir(), 'thaw-e2e-model-'));
  const broken = path.join(folder, 'broken.keras');
  await writeFile(broken, 'PK\u0003\u0004 and nothing else');
  await choose.setInputFiles(broken);
  await expect(page.locator('.catalogue-error')).toContainText('broken.keras is damaged or cut short');
  await choose.setInputFiles(kerasModel);
  await expect(page.getByRole('heading', { name: 'Backbones' })).toHaveCount(0);
  await expect(page.locator('[data-block="block_16"]')).toBeVisible();
});
