import type { RefObject } from 'react';
import { useEffect, useRef, useState } from 'react';
import { takePicture } from './useCamera.ts';

/** One image that was taken. */
export interface Shot {
  readonly blob: Blob;
  readonly url: string;
}

const everyMs = 140;
/** As many as can be looked at before they are added. */
const mostShots = 400;

/** Takes images as long as it is held. */
export function useRecording(video: RefObject<HTMLVideoElement | null>) {
  const [shots, setShots] = useState<readonly Shot[]>([]);
  const [isRecording, setIsRecording] = useState(false);
  const all = useRef<readonly Shot[]>([]);
  useEffect(() => {
    if (!isRecording) return;
    let isOver = false;
    const take = async (): Promise<void> => {
      const blob = video.current === null ? null : await takePicture(video.current);
      if (blob !== null && all.current.length < mostShots) {
        all.current = [...all.current, { blob, url: URL.createObjectURL(blob) }];
        setShots(all.current);
      }
      if (!isOver) timer = window.setTimeout(() => void take(), everyMs);
    };
    let timer = window.setTimeout(() => void take(), 0);
    return () => {
      isOver = true;
      window.clearTimeout(timer);
    };
  }, [isRecording, video]);
  useEffect(
    () => () => {
      for (const { url } of all.current) URL.revokeObjectURL(url);
    },
    [],
  );
  const drop = (url: string): void => {
    URL.revokeObjectURL(url);
    all.current = all.current.filter((shot) => shot.url !== url);
    setShots(all.current);
  };
  return { shots, isRecording, hold: setIsRecording, drop };
}
