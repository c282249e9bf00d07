import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ExampleFacts, ExampleFile } from '../exporter.ts';
import { kerasExamples } from './kerasExamples.ts';

/** How to start it, and a program that compares what Thaw trained with the golden images. */
export async function kerasProjectExamples(
  facts: ExampleFacts,
  folder: string,
): Promise<readonly ExampleFile[]> {
  const readme = await readFile(path.join(folder, 'README.md'), 'utf8');
  return [{ path: 'README.md', text: readme }, ...kerasExamples(facts, 'trained.keras')];
}
