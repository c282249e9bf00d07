import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';

const root = path.resolve(import.meta.dirname, '..', '..');

/** `thaw serve` on a free port, with a data folder of its own. */
export async function serveStudio(environment: Readonly<Record<string, string>> = {}): Promise<{
  url: string;
  data: string;
  pid: number;
  stop(): Promise<void>;
}> {
  const data = await mkdtemp(path.join(tmpdir(), 'thaw-e2e-'));
  const args = [path.join(root, 'scripts', 'thaw.mjs'), 'serve', '--port', '0', '--json'];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, THAW_DATA: data, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { url } = JSON.parse(line) as { url: string };
    return { url, data, pid: child.pid ?? 0, stop: () => stop(child) };
  }
  throw new Error('thaw serve ended without an address');
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => {
      resolve();
    });
    child.kill('SIGINT');
  });
}

/** The studio as a user sees it. */
export class StudioPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async go(station: 'Data' | 'Network' | 'Training' | 'Insight' | 'Export'): Promise<void> {
    await this.page.getByRole('navigation').getByRole('button', { name: station }).click();
  }

  async openSample(): Promise<void> {
    await this.page.getByRole('button', { name: 'Open the sample' }).click();
    await this.page.getByRole('heading', { name: '480 images in 6 classes' }).waitFor();
  }

  block(name: string): Locator {
    return this.page.locator(`[data-block="${name}"]`);
  }

  layer(name: string): Locator {
    return this.page.locator(`[data-layer="${name}"]`);
  }

  /** Goes to a layer or block of the network without changing the plan. */
  async find(name: string): Promise<void> {
    await this.page.keyboard.press('/');
    await this.page.getByRole('combobox', { name: 'Find a layer, block or type' }).fill(name);
    await this.page.keyboard.press('Enter');
  }

  /** How many nodes the network's graph has, in view or not. */
  nodesLaidOut(): Promise<number> {
    return this.page.locator('.graph').evaluate((graph: HTMLElement) => Number(graph.dataset['nodes']));
  }

  /** What was last told to a screen reader. */
  announcement(): Locator {
    return this.page.locator('.network > [role="status"]');
  }

  thawed(): Locator {
    return this.page.getByTestId('thawed');
  }

  state(): Locator {
    return this.page.getByTestId('state');
  }

  async set(label: string, value: number): Promise<void> {
    await this.page.getByLabel(label, { exact: true }).fill(String(value));
  }

  /**
   * Serious and critical accessibility violations, by rule and first element.
   * @param within selects the part that is judged.
   */
  async violations(within = 'body'): Promise<string[]> {
    const { violations } = await new AxeBuilder({ page: this.page }).include(within).analyze();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
  }

  epochs(): Promise<number> {
    return this.page.locator('.charts').evaluate((charts: HTMLElement) => Number(charts.dataset['epochs']));
  }
}
