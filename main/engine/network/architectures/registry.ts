import type { Architecture } from './architecture.ts';
import { inceptionResNetV2 } from './inception/inceptionResNetV2.ts';
import { inceptionV3 } from './inception/inceptionV3.ts';
import { nasNets } from './inception/nasNet.ts';
import { xception } from './inception/xception.ts';
import { mobileNets } from './mobile/mobileNet.ts';
import { mobileNetV2s } from './mobile/mobileNetV2.ts';
import { mobileNetV3s } from './mobile/mobileNetV3.ts';
import { squeezeNet } from './plain/squeezeNet.ts';
import { vggs } from './plain/vgg.ts';
import { convNeXts } from './residual/convNeXt.ts';
import { denseNets } from './residual/denseNet.ts';
import { resNets } from './residual/resNet.ts';
import { resNetV2s } from './residual/resNetV2.ts';
import { efficientNets } from './scaled/efficientNet.ts';
import { efficientNetV2s } from './scaled/efficientNetV2.ts';

const all: readonly Architecture[] = [
  squeezeNet,
  ...mobileNets,
  ...mobileNetV2s,
  ...mobileNetV3s,
  ...efficientNets,
  ...efficientNetV2s,
  ...nasNets,
  ...denseNets,
  ...resNets,
  ...resNetV2s,
  inceptionV3,
  inceptionResNetV2,
  xception,
  ...vggs,
  ...convNeXts,
];

/** Every architecture by its name: Keras Applications and SqueezeNet 1.1. */
export const architectures: ReadonlyMap<string, Architecture> = new Map(all.map((one) => [one.name, one]));

/** Case and separators do not count, points do: `MobileNetV2_1.0` is `mobilenetv21.0`. */
function plain(spelling: string): string {
  return spelling.toLowerCase().replace(/[\s_-]/g, '');
}

const bySpelling: ReadonlyMap<string, Architecture> = new Map(
  all.flatMap((one) => [one.name, ...one.spellings].map((spelling) => [plain(spelling), one] as const)),
);

/** The architecture a person means: `resnet50`, `ResNet50V2`, `efficientnet-b0`, `mobilenet_v2_1.0`. */
export function findArchitecture(spelling: string): Architecture | undefined {
  return bySpelling.get(plain(spelling));
}
