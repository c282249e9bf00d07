import { execFileSync } from 'node:child_process';
import { createReadStream, existsSync, mkdtempSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { root } from '../../places.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'thaw-page-'));
const thaw = (...args: string[]): void => {
  execFileSync(process.execPath, [path.join(root, 'scripts', 'thaw.mjs'), ...args], { stdio: 'ignore' });
};

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.png': 'image/png',
};

/** A static server, as any is. */
async function serve(directory: string): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const name = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = path.join(directory, name === '/' ? 'index.html' : name);
    response.writeHead(existsSync(file) ? 200 : 404, {
      'content-type': types[path.extname(file)] ?? 'application/octet-stream',
    });
    if (existsSync(file)) createReadStream(file).pipe(response);
    else response.end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

test.beforeAll(() => {
  thaw(
    'train',
    path.join(root, 'assets', 'sample'),
    '--out',
    path.join(folder, 'run'),
    '--epochs',
    '3',
    '--resize',
    'pad',
  );
});

for (const format of ['tfjs', 'tfjs-graph'])
  test(`the page of a ${format} export works without a network and gives the studio's answers`, async ({
    page,
  }) => {
    const out = path.join(folder, format);
    thaw('export', path.join(folder, 'run'), '--format', format, '--out', out);
    const { url, server } = await serve(out);
    try {
      const strangers: string[] = [];
      await page.route(
        (address) => address.origin !== url && address.protocol.startsWith('http'),
        (route) => {
          strangers.push(route.request().url());
          return route.abort();
        },
      );
      await page.goto(url);
      await expect(page.getByText('Ready: 6 classes.')).toBeVisible();

      await page.getByRole('button', { name: 'Check the golden images' }).click();
      const checked = page.locator('#checked');
      await expect(checked).toContainText('labels are the studio’s');
      const [same, images, difference] =
        ((await checked.textContent()) ?? '').match(/\d[\d.]*(?:e[-+]\d+)?/g)?.map(Number) ?? [];
      expect(same).toBe(images);
      expect(difference ?? NaN).toBeLessThan(1e-4);

      const image = path.join(root, 'assets', 'sample', 'dog', 'dog-02.jpg');
      await page.locator('#file').setInputFiles(image);
      await expect(page.getByText('dog-02.jpg')).toBeVisible();
      const answer = execFileSync(
        process.execPath,
        [path.join(root, 'scripts', 'thaw.mjs'), 'predict', path.join(folder, 'run'), image, '--json'],
        { encoding: 'utf8' },
      );
      const [expected] = JSON.parse(answer) as { label: string; confidence: number }[];
      const first = page.locator('#answers li').first();
      await expect(first).toContainText(expected?.label ?? '');
      const shown = Number(/([\d.]+) %/.exec((await first.textContent()) ?? '')?.[1]);
      expect(Math.abs(shown / 100 - (expected?.confidence ?? NaN))).toBeLessThan(0.03);

      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
      expect(strangers).toEqual([]);
      expect(readFileSync(path.join(out, 'tf.min.js'), 'utf8')).toContain('Apache License');
    } finally {
      server.close();
    }
  });
