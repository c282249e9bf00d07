import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useRef } from 'react';
import { messages } from '../../../messages/index.ts';
import { useDataset } from '../../../stores/data/dataset.ts';
import { pageSize, useImages } from '../../../stores/data/images.ts';
import { EmptyList } from './EmptyList.tsx';
import { Tile, tileId } from './Tile.tsx';
import { useColumns } from './useColumns.ts';
import { useLoadWhereItRests } from './useLoadWhereItRests.ts';
import { useGridKeys } from './useGridKeys.ts';

/** All images of what is shown, however many: only those on the screen are in the page. */
export function ImageGrid({ onMove }: { readonly onMove: () => void }) {
  const dataset = useDataset((state) => state.project?.folder ?? '');
  const { view, total, pages, selected, active, pick } = useImages();
  const scroller = useRef<HTMLDivElement>(null);
  const { columns, tile } = useColumns(scroller);
  const count = total ?? 0;
  const rows = useVirtualizer({
    count: Math.ceil(count / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => tile,
    overscan: 3,
  });
  useEffect(() => {
    rows.measure();
  }, [rows, tile]);
  const items = rows.getVirtualItems();
  const [first, last] = [items[0], items.at(-1)];
  const from = (first?.index ?? 0) * columns;
  const to = Math.min(count, ((last?.index ?? 0) + 1) * columns) - 1;
  useLoadWhereItRests(from, to, pages);
  const onPick = useCallback(
    (index: number, how: 'only' | 'toggle' | 'range') => {
      scroller.current?.focus({ preventScroll: true });
      void pick(index, how);
    },
    [pick],
  );
  const keys = useGridKeys({
    columns,
    rowsPerPage: Math.max(1, Math.floor((scroller.current?.clientHeight ?? 600) / tile)),
    scrollTo: (index) => {
      rows.scrollToIndex(Math.floor(index / columns));
    },
    onMove,
  });
  useEffect(() => {
    scroller.current?.scrollTo(0, 0);
  }, [view]);
  if (total === 0) return <EmptyList />;
  const rowAt = (index: number) => pages.get(Math.floor(index / pageSize))?.[index % pageSize] ?? null;
  return (
    <div
      ref={scroller}
      className="grid-scroller thumbnails"
      role="listbox"
      tabIndex={0}
      aria-multiselectable
      aria-label={messages.data.grid}
      aria-description={messages.data.gridHelp}
      aria-activedescendant={rowAt(active) === null ? undefined : tileId(active)}
      aria-busy={total === null}
      onKeyDown={keys}
    >
      <div role="presentation" style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {items.map((item) => (
          <div
            key={item.key}
            role="presentation"
            className="grid-row"
            style={{
              transform: `translateY(${item.start}px)`,
              height: tile,
              gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
            }}
          >
            {Array.from({ length: Math.min(columns, count - item.index * columns) }, (_, column) => {
              const index = item.index * columns + column;
              const row = rowAt(index);
              return (
                <Tile
                  key={row?.path ?? index}
                  dataset={dataset}
                  row={row}
                  index={index}
                  total={count}
                  isSelected={row !== null && selected.has(row.path)}
                  isActive={index === active}
                  showClass={view.type !== 'images' || view.label === null}
                  onPick={onPick}
                />
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}
