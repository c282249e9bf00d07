import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GraphBuilder } from '../../../main/engine/network/onnx/graphBuilder.ts';
import { DataPage } from '../../pages/dataPage.ts';
import { latestRun } from '../../pages/studioPage.ts';
import { expect, test } from '../support/fixture.ts';

/** A small network of one convolution and a classifier, as other tools export them: channels first, any size. */
function smallModel(): Uint8Array {
  const graph = new GraphBuilder();
  const wave = (length: number): Float32Array => Float32Array.from({ length }, (_, at) => Math.sin(at * 1.7));
  const image = graph.input('pixels', 'float32', ['N', 3, 'height', 'width']);
  const kernel = graph.constant(wave(24 * 3 * 9), [24, 3, 3, 3]);
  const seen = graph.node('Relu', [graph.node('Conv', [image, kernel], { strides: [2, 2] })]);
  const pooled = graph.node('Flatten', [graph.node('GlobalAveragePool', [seen], {}, 'pooled')]);
  graph.node('Softmax', [graph.node('Gemm', [pooled, graph.constant(wave(24 * 5), [24, 5])])], {}, 'answers');
  graph.output('answers', ['N', 5]);
  return graph.encode('small');
}

test('an ONNX model that is dropped on the network is one frozen layer, and a head trains on it', async ({
  page,
  user,
  studio,
}) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'thaw-e2e-onnx-'));
  const [model, broken] = [path.join(folder, 'small.onnx'), path.join(folder, 'broken.onnx')];
  const bytes = smallModel();
  await writeFile(model, bytes);
  await writeFile(broken, bytes.subarray(0, bytes.length - 40));
  await user.openSample();
  await user.go('Network');
  const canvas = page.getByRole('region', { name: 'Network' });
  const drop = (file: string) => new DataPage(page).dropFiles(canvas, [file]);

  await drop(broken);
  const alert = canvas.locator('.catalogue-error');
  await expect(alert).toContainText('broken.onnx is damaged or cut short');
  await alert.getByRole('button', { name: 'Dismiss' }).click();

  await drop(model);
  await expect(user.block('small')).toHaveAttribute('data-state', 'frozen');
  await expect(canvas.locator('.canvas-note')).toContainText('An ONNX model');
  await expect(user.thawed()).toContainText('frozen as it is');
  const facts = page.getByTestId('graph-facts');
  await expect(facts).toContainText('pooled');
  await expect(facts).toContainText('24 values an image');
  await expect(facts).toContainText('any size; 224 × 224');
  await expect(page.getByRole('button', { name: 'Everything' })).toHaveCount(0);
  await user.block('small').getByRole('button').first().click();
  await expect(user.block('small')).toHaveAttribute('data-state', 'frozen');
  await expect(page.getByRole('switch')).toHaveCount(0);
  await expect(page.locator('.switch')).toContainText('always frozen');
  expect(await user.violations('.network')).toEqual([]);
  await user.screenshot('network-onnx');

  await user.trainHead(2);
  const run = await latestRun(studio.data);
  const result = (await run.json('result.json')) as { backbone: string; runtime: { prefix: string } };
  expect(result.backbone).toBe('small.onnx');
  expect(result.runtime.prefix).toContain('onnxruntime');
});
