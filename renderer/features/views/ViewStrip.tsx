import { firstViews } from '../../../shared/domain/views.ts';
import { imageUrl } from '../../../shared/ipc/studio/studio.ts';
import { messages } from '../../messages/index.ts';
import { engineToken } from '../../stores/engine.ts';
import { usePlan } from '../../stores/network/plan.ts';
import { useTraining } from '../../stores/training/training.ts';
import './views.css';

/** Variations that are shown. */
const most = 8;

interface ViewStripProps {
  readonly dataset: string;
  readonly path: string;
  /** Names the image's content, so that the page may keep what it is shown. */
  readonly version?: string;
}

/**
 * The variations of an image that the first epochs train on, as it is set now, pixel for pixel. Nothing where training
 * takes the images as they are.
 */
export function ViewStrip({ dataset, path, version }: ViewStripProps) {
  const { augment, augmentFlip, augmentViews, mixup, cutmix, seed, resize, imageSize } = useTraining(
    (state) => state.choice,
  );
  const inputShape = usePlan((state) => state.model?.inputShape);
  const text = messages.views;
  const [height, width] = imageSize === null ? (inputShape ?? []) : [imageSize, imageSize];
  if (augment === 'none' || height === undefined || width === undefined) return null;
  const address = (number: number): string => {
    const view = { strength: augment, flip: augmentFlip, seed, number };
    const rendition = { as: 'view' as const, width, height, resize, view };
    return imageUrl(dataset, path, engineToken(), { rendition, ...(version && { version }) });
  };
  const numbers = firstViews(augmentViews, most);
  return (
    <section className="view-strip" aria-label={text.title}>
      <ul>
        {numbers.map((number, index) => (
          <li key={number}>
            <img src={address(number)} alt={text.variation(index + 1)} width={width} height={height} />
          </li>
        ))}
      </ul>
      <p className="muted help">
        {augmentViews === 0 ? text.everNew(numbers.length) : text.kept(numbers.length, augmentViews)}
        {(mixup > 0 || cutmix > 0) && ` ${text.mixed}`}
      </p>
    </section>
  );
}
