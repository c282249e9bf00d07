import { messages } from '../../../messages/index.ts';
import { useImages } from '../../../stores/data/images.ts';
import { Icon } from '../../../ui/Icon.tsx';

/** What to do where there is no image to show. */
export function EmptyList() {
  const view = useImages((state) => state.view);
  const text = messages.data;
  const [title, hint] =
    view.type === 'set-aside'
      ? [text.noneAside, '']
      : view.type === 'images' && view.side !== null
        ? [text.noneOnSide, '']
        : [text.noImages, text.noImagesHint];
  return (
    <div className="nothing">
      <Icon name="image" size={34} />
      <strong>{title}</strong>
      <p className="muted">{hint}</p>
    </div>
  );
}
