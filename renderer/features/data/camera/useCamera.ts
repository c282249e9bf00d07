import { useEffect, useRef, useState } from 'react';

export type CameraState =
  | { readonly name: 'asking' }
  | { readonly name: 'live' }
  | { readonly name: 'failed'; readonly isDenied: boolean; readonly reason: string };

/** The camera's picture in a video element, for as long as the component that uses it is shown. */
export function useCamera() {
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<CameraState>({ name: 'asking' });
  useEffect(() => {
    let isWanted = true;
    let stream: MediaStream | null = null;
    const begin = async (): Promise<void> => {
      try {
        // Without a secure page there is no such thing at all.
        stream = await navigator.mediaDevices.getUserMedia({ video: { width: 1280, height: 720 } });
      } catch (cause) {
        const isDenied = cause instanceof DOMException && cause.name === 'NotAllowedError';
        if (isWanted) setState({ name: 'failed', isDenied, reason: String(cause) });
        return;
      }
      if (!isWanted || video.current === null) {
        stop(stream);
        return;
      }
      video.current.srcObject = stream;
      await video.current.play().catch(() => undefined);
      setState({ name: 'live' });
    };
    void begin();
    return () => {
      isWanted = false;
      if (stream !== null) stop(stream);
    };
  }, []);
  return { video, state };
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** The longer side of what is taken; more than any backbone's input. */
const longSide = 800;

/** What the camera shows now, as a JPEG; null before its first picture. */
export function takePicture(video: HTMLVideoElement): Promise<Blob | null> {
  const { videoWidth, videoHeight } = video;
  if (videoWidth === 0) return Promise.resolve(null);
  const scale = Math.min(1, longSide / Math.max(videoWidth, videoHeight));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(videoWidth * scale);
  canvas.height = Math.round(videoHeight * scale);
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => {
    canvas.toBlob(resolve, 'image/jpeg', 0.92);
  });
}
