/**
 * Whole backbones through every format: Keras builds an application with random weights, Thaw imports it, trains two
 * epochs on 60 photos and exports it in every format; each export is opened with its format's own loader and asked
 * about ten images, beside `thaw predict`. Prints the rows of backbones.md.
 * usage: node bench/exports/backbones.mjs [PATTERN], with photos and weights in ../shared/data
 */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { ensureJudgeVenv, judgesFolder } from '../../scripts/judges/venv.mjs';
import { median } from '../support.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '..', '..');
const data = path.resolve(root, '..', 'shared', 'data');
const photos = path.join(data, 'tf_flowers', 'train');
const perClass = 12;
const asked = 10;

/** What a backbone is opened with, and from what size it is tried. */
const stored = (name, imageSize, file) => ({ name, imageSize, backbone: path.join(data, 'weights', file) });
const made = (name, imageSize, call, file = 'model.weights.h5') => ({ name, imageSize, call, file });
const backbones = [
  { name: 'bundled', imageSize: 128, backbone: 'thaw-mobilenet-v2-035-128' },
  stored('MobileNetV1 0.25, TensorFlow.js', 224, 'mobilenet_v1_0.25_224_tfjs'),
  stored('MobileNetV2 0.35, Teachable Machine', 224, 'teachablemachine_image_v2_0.35'),
  stored('MobileNetV2 1.0, TensorFlow.js', 224, 'derived_from_coral/mobilenet_v2_100_224'),
  {
    ...stored(
      'SqueezeNet 1.1',
      64,
      'squeezenet1.1_notop_keras_h5/squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5',
    ),
    architecture: 'squeezenet-1.1',
  },
  made('mobilenet-v3-small', 64, 'MobileNetV3Small', 'model.h5'),
  made('mobilenet-v2-1.0', 64, 'MobileNetV2', 'model.keras'),
  made('efficientnet-b0', 64, 'EfficientNetB0'),
  made('efficientnet-v2-b0', 64, 'EfficientNetV2B0', 'model.keras'),
  made('densenet121', 64, 'DenseNet121'),
  made('resnet50', 64, 'ResNet50', 'model.h5'),
  made('resnet50-v2', 64, 'ResNet50V2'),
  made('nasnet-mobile', 64, 'NASNetMobile'),
  made('xception', 80, 'Xception', 'model.keras'),
  made('inception-v3', 80, 'InceptionV3'),
  made('convnext-tiny', 64, 'ConvNeXtTiny'),
  made('vgg16', 48, 'VGG16'),
];

const pythonOf = (environment) => path.join(judgesFolder(environment), 'venv', 'bin', 'python');

function python(environment, args) {
  const printed = execFileSync(pythonOf(environment), args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 2 ** 28,
    env: {
      ...process.env,
      KERAS_BACKEND: environment === 'judges' ? 'tensorflow' : 'jax',
      TF_CPP_MIN_LOG_LEVEL: '3',
      CUDA_VISIBLE_DEVICES: '-1',
    },
  });
  return JSON.parse(printed.trim().split('\n').at(-1));
}

const thaw = (...args) =>
  JSON.parse(
    execFileSync(process.execPath, [path.join(root, 'scripts', 'thaw.mjs'), ...args, '--json'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 2 ** 28,
    }),
  );

/** Photos of each class, by the order of their names, from the `first` on. */
const photosFrom = (first, count) =>
  readdirSync(photos).flatMap((name) =>
    readdirSync(path.join(photos, name))
      .sort()
      .slice(first, first + count)
      .map((file) => ({ name, file: path.join(photos, name, file) })),
  );

async function prepare(folder, imageSize) {
  for (const { name, file } of photosFrom(0, perClass)) {
    mkdirSync(path.join(folder, 'photos', name), { recursive: true });
    copyFileSync(file, path.join(folder, 'photos', name, path.basename(file)));
  }
  const images = [];
  const pixels = [];
  for (const { file } of photosFrom(perClass, asked / 5)) {
    const image = path.join(folder, `${images.length}.png`);
    await sharp(file).resize(imageSize, imageSize, { fit: 'fill' }).removeAlpha().png().toFile(image);
    images.push(image);
    pixels.push(await sharp(image).raw().toBuffer());
  }
  writeFileSync(path.join(folder, 'pixels'), Buffer.concat(pixels));
  return images;
}

/** Options of `train` that name the backbone; Keras makes its file where it is not stored. */
function optionsOf(backbone, folder) {
  if (backbone.architecture !== undefined)
    return ['--backbone', backbone.architecture, '--weights', backbone.backbone];
  if (backbone.backbone !== undefined) return ['--backbone', backbone.backbone];
  const request = path.join(folder, 'request.json');
  writeFileSync(
    request,
    JSON.stringify({
      keras: backbone.call,
      arguments: {},
      imageSize: backbone.imageSize,
      pixels: path.join(folder, 'pixels'),
      count: asked,
      folder,
      formats: [backbone.file],
      imagenet: false,
      seed: 1,
    }),
  );
  python('judges', [path.join(root, 'scripts', 'judges', 'application_files.py'), request]);
  const file = path.join(folder, backbone.file);
  return backbone.file === 'model.weights.h5'
    ? ['--backbone', backbone.name, '--weights', file]
    : ['--backbone', file];
}

/** Every export of one backbone: {rows: [{format, runtime, difference or error}], confidence}. */
async function rowsOf(backbone, folder) {
  const images = await prepare(folder, backbone.imageSize);
  const run = path.join(folder, 'run');
  const size = ['--image-size', String(backbone.imageSize)];
  thaw(
    'train',
    path.join(folder, 'photos'),
    '--out',
    run,
    '--epochs',
    '2',
    ...size,
    ...optionsOf(backbone, folder),
  );
  const answers = thaw('predict', run, ...images);
  const exported = thaw('export', run, '--format', 'all', '--out', path.join(folder, 'exports'));
  const request = path.join(folder, 'asked.json');
  const exports = exported.map(({ format, directory }) => ({ format, directory }));
  const { imageSize } = backbone;
  writeFileSync(
    request,
    JSON.stringify({ exports, imageSize, count: asked, pixels: path.join(folder, 'pixels') }),
  );
  const judged = [
    ...python('judges', [path.join(here, 'ask.py'), request]),
    ...python('judges-keras3', [path.join(here, 'ask.py'), request]),
    ...JSON.parse(
      execFileSync(process.execPath, [path.join(here, 'ask.mjs'), request], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
        .trim()
        .split('\n')
        .at(-1),
    ),
  ];
  const rows = judged.map(({ format, runtime, values, error }) => {
    if (error !== undefined) return { format, runtime, error };
    const expected = answers.map(({ probabilities }) => Object.values(probabilities));
    const differences = expected.flatMap((row, image) =>
      row.map((value, at) => Math.abs(value - values[image * row.length + at])),
    );
    return { format, runtime, difference: Math.max(...differences) };
  });
  return { rows, confidence: median(answers.map(({ confidence }) => confidence)) };
}

const missing = await ensureJudgeVenv();
if (missing !== null) throw new Error(missing);
const pattern = new RegExp(process.argv[2] ?? '', 'iu');
let head = null;
for (const backbone of backbones.filter(({ name }) => pattern.test(name))) {
  if (backbone.backbone?.includes(path.sep) && !existsSync(backbone.backbone)) continue;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'thaw-backbone-'));
  try {
    const { rows, confidence } = await rowsOf(backbone, folder);
    if (head === null) {
      head = rows.map(({ format, runtime }) => `${format}: ${runtime}`);
      console.log(`| backbone | px | median confidence | ${head.join(' | ')} |`);
      console.log(`| --- | --: | --: | ${head.map(() => '--:').join(' | ')} |`);
    }
    const cells = rows.map(({ difference, error }) => error ?? difference.toExponential(1));
    console.log(`| ${[backbone.name, backbone.imageSize, confidence.toFixed(2), ...cells].join(' | ')} |`);
  } catch (error) {
    const said = `${error.stdout ?? ''}\n${error.stderr ?? error.stack}`
      .trim()
      .split('\n')
      .slice(-4)
      .join(' ');
    console.log(`| ${backbone.name} | ${backbone.imageSize} | ${said} |`);
    process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
