import { memo, useState } from 'react';
import type { ImageRow } from '../../../../shared/ipc/dataset/images.ts';
import { messages } from '../../../messages/index.ts';
import { Icon } from '../../../ui/Icon.tsx';
import { beginDrag } from '../classes/drag.ts';
import { fileName, pictureUrl } from '../picture.ts';

interface TileProps {
  readonly dataset: string;
  /** Null while its page is being loaded. */
  readonly row: ImageRow | null;
  readonly index: number;
  readonly total: number;
  readonly isSelected: boolean;
  readonly isActive: boolean;
  readonly showClass: boolean;
  onPick(index: number, how: 'only' | 'toggle' | 'range'): void;
}

/** The id of an image's option in the grid. */
export function tileId(index: number): string {
  return `image-${index}`;
}

/** One image of the grid. */
export const Tile = memo(function Tile(props: TileProps) {
  const { dataset, row, index, total, isSelected, isActive, showClass, onPick } = props;
  if (row === null) return <div className="tile waiting" role="presentation" />;
  const text = messages.data;
  const side =
    row.state === 'set-aside' ? text.setAside : row.side === null ? text.unused : text.sides[row.side];
  const state = [isSelected ? 'selected' : '', isActive ? 'active' : '', row.state].join(' ');
  return (
    <div
      id={tileId(index)}
      className={`tile ${state}`}
      role="option"
      aria-selected={isSelected}
      aria-setsize={total}
      aria-posinset={index + 1}
      title={row.path}
      data-path={row.path}
      draggable
      onDragStart={(event) => {
        beginDrag(event.dataTransfer, row.path);
      }}
      onClick={(event) => {
        onPick(index, event.shiftKey ? 'range' : event.ctrlKey || event.metaKey ? 'toggle' : 'only');
      }}
    >
      <TilePicture key={row.version} dataset={dataset} row={row} />
      {isSelected && (
        <span className="tick">
          <Icon name="check" size={13} />
        </span>
      )}
      <span
        className={showClass || row.state !== 'used' || row.side !== 'train' ? 'caption' : 'caption unseen'}
      >
        {showClass && <span className="name">{row.label}</span>}{' '}
        <span className={row.state === 'used' && row.side === 'train' ? 'unseen' : `where ${row.side ?? ''}`}>
          {side}
        </span>
        {row.isPinned && <Icon name="pin" size={11} />}
      </span>
    </div>
  );
});

function TilePicture({ dataset, row }: { readonly dataset: string; readonly row: ImageRow }) {
  const [isBroken, setIsBroken] = useState(false);
  if (isBroken)
    return (
      <span className="no-picture">
        <Icon name="warning" size={22} />
        {fileName(row.path)}
      </span>
    );
  return (
    <img
      src={pictureUrl(dataset, row)}
      alt={fileName(row.path)}
      loading="lazy"
      decoding="async"
      draggable={false}
      onError={() => {
        setIsBroken(true);
      }}
    />
  );
}
