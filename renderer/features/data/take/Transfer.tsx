import { messages } from '../../../messages/index.ts';
import { useTake } from './take.ts';

/** How far copying files to the engine, or adding them to the project, has come. */
export function Transfer() {
  const transfer = useTake((state) => state.transfer);
  if (transfer === null) return null;
  const { what, done, total, cancel } = transfer;
  return (
    <div className="transfer" role="status">
      <label className="progress">
        {messages.data[what](done, total)}
        <progress value={done} max={total} />
      </label>
      {cancel !== null && (
        <button type="button" onClick={cancel}>
          {messages.data.cancel}
        </button>
      )}
    </div>
  );
}
