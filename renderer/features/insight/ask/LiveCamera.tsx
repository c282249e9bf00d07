import type { RefObject } from 'react';
import { useEffect } from 'react';
import { messages } from '../../../messages/index.ts';
import { useInsight } from '../../../stores/insight.ts';
import { takePicture, useCamera } from '../../data/camera/useCamera.ts';

/** Pictures a second at most; fewer where the engine takes longer. */
const mostPerSecond = 5;

/** What the camera sees, and what the model says of it, again and again. Pictures go to the engine's memory only. */
export function LiveCamera({ run }: { readonly run: string }) {
  const { video, state } = useCamera();
  const text = messages.insight.ask;
  useFrames(run, video, state.name === 'live');
  if (state.name === 'failed')
    return <p className="notice">{state.isDenied ? text.denied : text.noCamera(state.reason)}</p>;
  return (
    <video
      ref={video}
      className="asked-video"
      muted
      playsInline
      aria-label={text.picture}
      data-state={state.name}
    />
  );
}

function useFrames(run: string, video: RefObject<HTMLVideoElement | null>, isLive: boolean): void {
  const predictFrame = useInsight((state) => state.predictFrame);
  useEffect(() => {
    if (!isLive) return;
    let isWanted = true;
    const loop = async (): Promise<void> => {
      while (isWanted && video.current !== null) {
        const earliest = performance.now() + 1_000 / mostPerSecond;
        const picture = document.hidden ? null : await takePicture(video.current);
        if (picture !== null && !(await predictFrame(run, await base64Of(picture)))) return;
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, earliest - performance.now())));
      }
    };
    void loop();
    return () => {
      isWanted = false;
    };
  }, [run, video, isLive, predictFrame]);
}

function base64Of(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      resolve(String(reader.result).replace(/^[^,]*,/, ''));
    };
    reader.onerror = () => {
      reject(reader.error ?? new Error('The picture cannot be read.'));
    };
    reader.readAsDataURL(blob);
  });
}
