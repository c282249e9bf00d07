import { useEffect, useState } from 'react';
import { messages } from '../../../messages/index.ts';
import { useInsight } from '../../../stores/insight.ts';
import { Icon } from '../../../ui/Icon.tsx';
import { useDropTarget } from '../../../ui/useDropTarget.ts';
import { Bars } from './Bars.tsx';
import { LiveCamera } from './LiveCamera.tsx';
import { askAbout, firstImage } from './source.ts';

/** Asks the model about an image that is dropped, chosen, pasted or named, or about what a camera sees. */
export function Ask({ run }: { readonly run: string }) {
  const [isLive, setIsLive] = useState(false);
  const prediction = useInsight((state) => state.prediction);
  const text = messages.insight.ask;
  return (
    <aside className="asked" aria-label={text.title}>
      <h2>{text.title}</h2>
      {isLive ? (
        <LiveCamera run={run} />
      ) : (
        <>
          <Drop run={run} />
          <PathForm run={run} />
        </>
      )}
      <button
        type="button"
        aria-pressed={isLive}
        onClick={() => {
          setIsLive(!isLive);
        }}
      >
        <Icon name={isLive ? 'stop' : 'camera'} size={16} />
        {isLive ? text.endCamera : text.camera}
      </button>
      {prediction !== null && <Bars prediction={prediction} />}
    </aside>
  );
}

function Drop({ run }: { readonly run: string }) {
  const { isOver, handlers } = useDropTarget({
    onDrop: ({ files }) => {
      const image = firstImage(files);
      if (image !== null) void askAbout(run, image);
    },
  });
  const picture = useInsight((state) => state.picture);
  const text = messages.insight.ask;
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      const image = firstImage(event.clipboardData?.files);
      if (image !== null) void askAbout(run, image);
    };
    window.addEventListener('paste', paste);
    return () => {
      window.removeEventListener('paste', paste);
    };
  }, [run]);
  return (
    <div className={isOver ? 'drop small over' : 'drop small'} data-testid="ask-drop" {...handlers}>
      {picture !== null && <img className="asked-image" src={picture} alt={text.picture} />}
      <p>{text.drop}</p>
      <label className="button">
        {text.choose}
        <input
          type="file"
          className="unseen"
          accept="image/*"
          onChange={(event) => {
            const image = firstImage(event.target.files ?? undefined);
            event.target.value = '';
            if (image !== null) void askAbout(run, image);
          }}
        />
      </label>
    </div>
  );
}

function PathForm({ run }: { readonly run: string }) {
  const predict = useInsight((state) => state.predict);
  const [image, setImage] = useState('');
  const text = messages.insight;
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        if (image.trim() !== '') void predict(run, image.trim());
      }}
    >
      <input
        aria-label={text.path}
        placeholder={text.path}
        value={image}
        onChange={(event) => {
          setImage(event.target.value);
        }}
      />
      <button type="submit" disabled={image.trim() === ''}>
        {text.ask.do}
      </button>
    </form>
  );
}
