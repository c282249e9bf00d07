import { messages } from '../../../messages/index.ts';
import { host } from '../../../bridge/index.ts';
import { useApp } from '../../../stores/app.ts';
import { Icon } from '../../../ui/Icon.tsx';
import { filesOfInput } from '../take/dropped.ts';
import { takeInto, useTake } from '../take/take.ts';

/** Adds images to a class: by the host's dialog where it has one, else by the browser's. */
export function AddImages({ label }: { readonly label: string }) {
  const isBusy = useTake((state) => state.transfer !== null);
  const text = messages.data;
  if (host().canChoose)
    return (
      <button type="button" disabled={isBusy} onClick={() => void choose(label)}>
        <Icon name="plus" size={16} />
        {text.addImages}
      </button>
    );
  return (
    <label className="button">
      <Icon name="plus" size={16} />
      {text.addImages}
      <input
        type="file"
        className="unseen"
        multiple
        accept="image/*"
        disabled={isBusy}
        onChange={(event) => {
          const { files } = event.target;
          const chosen = files === null ? [] : filesOfInput(files);
          event.target.value = '';
          if (chosen.length > 0) void takeInto(label, { kind: 'files', files: chosen });
        }}
      />
    </label>
  );
}

async function choose(label: string): Promise<void> {
  const chosen = await host().choose('images');
  if (!chosen.ok) useApp.getState().report(chosen.error);
  else if (chosen.value.length > 0) await takeInto(label, { kind: 'places', places: chosen.value });
}
