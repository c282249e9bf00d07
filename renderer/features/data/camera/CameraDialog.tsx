import { Dialog } from '@base-ui/react/dialog';
import { messages } from '../../../messages/index.ts';
import { Icon } from '../../../ui/Icon.tsx';
import { takeInto } from '../take/take.ts';
import { useCamera } from './useCamera.ts';
import { useRecording } from './useRecording.ts';

interface CameraProps {
  readonly label: string;
  onClose(): void;
}

/** The camera, and a button that takes images for a class as long as it is held. */
export function CameraDialog({ label, onClose }: CameraProps) {
  const { video, state } = useCamera();
  const { shots, isRecording, hold, drop } = useRecording(video);
  const text = messages.data;
  const keep = (): void => {
    const stamp = new Date().toISOString().replace(/\D+/g, '').slice(0, 14);
    const files = shots.map(({ blob }, index) => {
      const path = `camera-${stamp}-${String(index + 1).padStart(3, '0')}.jpg`;
      return { path, file: new File([blob], path, { type: 'image/jpeg' }) };
    });
    onClose();
    void takeInto(label, { kind: 'files', files });
  };
  return (
    <Dialog.Root
      open
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog camera">
          <Dialog.Title>{text.cameraTitle(label)}</Dialog.Title>
          <div className={isRecording ? 'viewfinder recording' : 'viewfinder'}>
            <video ref={video} muted playsInline aria-label={text.camera} hidden={state.name === 'failed'} />
            {state.name === 'asking' && <p>{text.cameraAsk}</p>}
            {state.name === 'failed' && (
              <div role="alert">
                <Icon name="camera" size={30} />
                <strong>{text.cameraFailed}</strong>
                <p>{state.isDenied ? text.cameraDenied : state.reason}</p>
              </div>
            )}
          </div>
          <p className="muted">{text.holdHint}</p>
          <button
            type="button"
            className={isRecording ? 'primary hold on' : 'primary hold'}
            disabled={state.name !== 'live'}
            aria-pressed={isRecording}
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId);
              hold(true);
            }}
            onPointerUp={() => {
              hold(false);
            }}
            onPointerCancel={() => {
              hold(false);
            }}
            onKeyDown={(event) => {
              if (event.key === ' ' || event.key === 'Enter') {
                event.preventDefault();
                hold(true);
              }
            }}
            onKeyUp={() => {
              hold(false);
            }}
            onBlur={() => {
              hold(false);
            }}
          >
            <Icon name="camera" />
            {text.hold}
          </button>
          <p role="status">{text.taken(shots.length)}</p>
          {shots.length > 0 && (
            <ul className="shots">
              {shots.map(({ url }, index) => (
                <li key={url}>
                  <button
                    type="button"
                    aria-label={text.dropShot(index + 1)}
                    title={text.dropShot(index + 1)}
                    onClick={() => {
                      drop(url);
                    }}
                  >
                    <img src={url} alt="" />
                  </button>
                </li>
              ))}
            </ul>
          )}
          <div className="row">
            <Dialog.Close>{shots.length > 0 ? text.discard : text.close}</Dialog.Close>
            <button type="button" className="primary" disabled={shots.length === 0} onClick={keep}>
              {text.keep(shots.length)}
            </button>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
