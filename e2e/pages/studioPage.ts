import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { screenshots } from '../places.ts';

export type StationName = 'Data' | 'Network' | 'Training' | 'Insight' | 'Export';

/** The studio as a user sees it, in a browser or in its window. */
export class StudioPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** The page is there and has been greeted. */
  async ready(): Promise<this> {
    await this.page.getByRole('navigation').getByRole('button', { name: 'Data' }).waitFor();
    return this;
  }

  async go(station: StationName): Promise<void> {
    await this.page.getByRole('navigation').getByRole('button', { name: station }).click();
  }

  /** Goes to the network, and waits until the bundled one is drawn. */
  async openNetwork(): Promise<void> {
    await this.go('Network');
    await expect(this.block('block_16')).toBeVisible();
  }

  async openSample(): Promise<void> {
    await this.page.getByRole('button', { name: 'Open the sample' }).click();
    await this.page.getByRole('heading', { name: '480 images in 6 classes' }).waitFor();
  }

  /** Goes to the network and takes a plan by its button, for example `Head only`. */
  async plan(preset: string): Promise<void> {
    await this.go('Network');
    await this.page.getByRole('button', { name: preset }).click();
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

  /** A field of the training's settings. */
  setting(label: string): Locator {
    return this.page.getByLabel(label, { exact: true });
  }

  async set(label: string, value: number): Promise<void> {
    await this.setting(label).fill(String(value));
  }

  /** Begins a training of a new head. */
  async startTraining(): Promise<void> {
    await this.page.getByRole('button', { name: /^Train( a new head)?$/ }).click();
  }

  /** Trains a head to its end. */
  async trainHead(epochs: number): Promise<void> {
    await this.go('Training');
    await this.set('Epochs for the head', epochs);
    await this.startTraining();
    await this.trained();
  }

  /** The training has ended by itself, and well. */
  async trained(): Promise<void> {
    await expect(this.state()).toHaveText('Done', { timeout: 90_000 });
  }

  /** More than so many epochs are shown. */
  async epochsOver(count: number): Promise<void> {
    await expect.poll(() => this.epochs(), { timeout: 60_000 }).toBeGreaterThan(count);
  }

  epochs(): Promise<number> {
    return this.page.locator('.charts').evaluate((charts: HTMLElement) => Number(charts.dataset['epochs']));
  }

  /**
   * Serious and critical accessibility violations, by rule and first element.
   * @param within selects the part that is judged.
   */
  async violations(within = 'body'): Promise<string[]> {
    await this.settled();
    const { violations } = await new AxeBuilder({ page: this.page }).include(within).analyze();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
  }

  /** What fades in is there: half transparent, it would be judged by contrast it has for a moment only. */
  private async settled(): Promise<void> {
    await this.page.evaluate(async () => {
      const all = 'getAnimations' in document ? document.getAnimations() : [];
      const ending = all.filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
      await Promise.allSettled(ending.map(({ finished }) => finished));
    });
  }

  async screenshot(name: string, options: { readonly fullPage?: boolean } = {}): Promise<void> {
    await this.page.screenshot({ path: path.join(screenshots, `${name}.png`), ...options });
  }
}

/** A run on disk. */
export interface StoredRun {
  readonly folder: string;
  /** Reads one of its JSON files. */
  json(name: string): Promise<unknown>;
}

/** Where the runs of a project are that the studio made for a dataset. */
export function runsFolder(data: string, project = 'sample'): string {
  return path.join(data, 'projects', project, 'runs');
}

/** The latest run of a project. */
export async function latestRun(data: string, project = 'sample'): Promise<StoredRun> {
  const runs = runsFolder(data, project);
  const name = (await readdir(runs)).sort().at(-1) ?? '';
  const folder = path.join(runs, name);
  return {
    folder,
    async json(file) {
      return JSON.parse(await readFile(path.join(folder, file), 'utf8')) as unknown;
    },
  };
}
