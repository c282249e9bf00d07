import type { AugmentStrength } from '../../../../shared/domain/run.ts';
import type { Affine, Operation, View } from '../../dataset/index.ts';
import type { Random } from '../../network/index.ts';
import { createRandom } from '../../network/index.ts';

/** How far a random view may go from the image. */
interface Recipe {
  /** Share of the image's area that a view shows at least (random resized crop, 1409.4842). */
  readonly leastArea: number;
  /** Largest ratio by which a side is stretched against the other. */
  readonly stretch: number;
  readonly rotateDegrees: number;
  /** Largest distance of brightness, contrast and saturation factors from 1. */
  readonly colour: number;
  /** Operations drawn at RandAugment's magnitude (1909.13719, of 30); none at 0. */
  readonly randAugment: { readonly operations: number; readonly magnitude: number };
  /** Chance of a hole, and its side as a share of the image's (Cutout, 1708.04552). */
  readonly cutout: { readonly chance: number; readonly side: number };
}

const recipes: Readonly<Record<Exclude<AugmentStrength, 'none'>, Recipe>> = {
  light: {
    leastArea: 0.8,
    stretch: 1.1,
    rotateDegrees: 5,
    colour: 0.1,
    randAugment: { operations: 0, magnitude: 0 },
    cutout: { chance: 0, side: 0 },
  },
  strong: {
    leastArea: 0.5,
    stretch: 4 / 3,
    rotateDegrees: 15,
    colour: 0.3,
    randAugment: { operations: 2, magnitude: 9 },
    cutout: { chance: 0.5, side: 0.25 },
  },
};

export interface ViewChoice {
  readonly strength: Exclude<AugmentStrength, 'none'>;
  /** Whether a view may be mirrored left to right; not for text, digits, or hands. */
  readonly flip: boolean;
  readonly seed: number;
}

/** The view of an image with a given number: the same for the same choice, image and number, on every machine. */
export function sampleView(choice: ViewChoice, imageId: string, number: number): View {
  const random = createRandom(choice.seed, `view/${imageId}/${number}`);
  const recipe = recipes[choice.strength];
  const affine = sampleAffine(recipe, choice.flip, random);
  return { affine, operations: sampleOperations(recipe, random) };
}

/** A crop of random area, shape and place, turned about its centre and perhaps mirrored. */
function sampleAffine(recipe: Recipe, flip: boolean, random: Random): Affine {
  const area = random.uniform(recipe.leastArea, 1);
  const ratio = Math.exp(random.uniform(-1, 1) * Math.log(recipe.stretch));
  const width = Math.min(1, Math.sqrt(area * ratio));
  const height = Math.min(1, Math.sqrt(area / ratio));
  const x = random.uniform(-1, 1) * (1 - width);
  const y = random.uniform(-1, 1) * (1 - height);
  const angle = (random.uniform(-1, 1) * recipe.rotateDegrees * Math.PI) / 180;
  const mirror = random.uniform() < 0.5 && flip ? -1 : 1;
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  return [mirror * width * cosine, -width * sine, x, mirror * height * sine, height * cosine, y];
}

function sampleOperations(recipe: Recipe, random: Random): Operation[] {
  const factor = (): number => 1 + random.uniform(-1, 1) * recipe.colour;
  const operations: Operation[] = [
    { op: 'brightness', factor: factor() },
    { op: 'contrast', factor: factor() },
    { op: 'saturation', factor: factor() },
  ];
  for (let count = 0; count < recipe.randAugment.operations; count += 1)
    operations.push(...randAugment(recipe.randAugment.magnitude / 30, random));
  if (random.uniform() < recipe.cutout.chance) {
    const { side } = recipe.cutout;
    const place = (): number => random.uniform() - side / 2;
    operations.push({ op: 'cutout', left: place(), top: place(), width: side, height: side });
  }
  return operations;
}

/** One of RandAugment's operations that leave pixels in place, at a strength of 0 to 1. */
function randAugment(strength: number, random: Random): Operation[] {
  const signed = 1 + (random.uniform() < 0.5 ? -1 : 1) * 0.9 * strength;
  const choices: readonly (readonly Operation[])[] = [
    [],
    [{ op: 'brightness', factor: signed }],
    [{ op: 'contrast', factor: signed }],
    [{ op: 'saturation', factor: signed }],
    [{ op: 'sharpness', factor: signed }],
    [{ op: 'posterize', bits: 8 - Math.round(4 * strength) }],
    [{ op: 'solarize', threshold: Math.round(256 * (1 - strength)) }],
    [{ op: 'autocontrast' }],
    [{ op: 'equalize' }],
  ];
  return [...(choices[Math.floor(random.uniform(0, choices.length))] ?? [])];
}
