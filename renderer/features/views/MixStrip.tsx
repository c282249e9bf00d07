import { thawable } from '../../../shared/domain/plan/edits.ts';
import { imageUrl } from '../../../shared/ipc/studio/studio.ts';
import { messages } from '../../messages/index.ts';
import { engineToken } from '../../stores/engine.ts';
import { usePlan } from '../../stores/network/plan.ts';
import { useTraining } from '../../stores/training/training.ts';
import './views.css';

/**
 * An image and others as MixUp or CutMix mixes them in a first step, as it is set now. Only a training whose layers all
 * learn mixes pixels; of any other it is said what it mixes.
 */
export function MixStrip({ dataset, path }: { readonly dataset: string; readonly path: string }) {
  const choice = useTraining((state) => state.choice);
  const model = usePlan((state) => state.model);
  const thawed = usePlan((state) => state.thawed);
  const text = messages.views;
  const { mixup, cutmix, imageSize, resize, augment, augmentFlip, seed } = choice;
  if ((mixup <= 0 && cutmix <= 0) || model === null) return null;
  const layers = thawable(model);
  const takesPixels = layers.length > 0 && layers.every((layer) => thawed.has(layer));
  const [height, width] = imageSize === null ? model.inputShape : [imageSize, imageSize];
  if (!takesPixels || height === undefined || width === undefined)
    return <p className="muted help">{text.mixesFeatures}</p>;
  const mix = { strength: augment, flip: augmentFlip, seed, mixup, cutmix };
  const rendition = { as: 'mixed' as const, width, height, resize, mix };
  return (
    <section className="mix-strip" aria-label={text.mixedTitle}>
      <img src={imageUrl(dataset, path, engineToken(), { rendition })} alt={text.mixedTitle} />
      <p className="muted help">{text.mixesPixels}</p>
    </section>
  );
}
