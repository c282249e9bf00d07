import { useEffect, useRef } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { lossText, percentText, shortCount, timeText } from '../../format.ts';
import { messages } from '../../messages/index.ts';
import { useTraining } from '../../stores/training/training.ts';
import type { LogLine } from '../../stores/training/state.ts';

const rowHeight = 26;

/** What has happened, the latest at the end; only the lines in sight are on the page. */
export function RunLog() {
  const lines = useTraining((state) => state.training.log);
  const holder = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const text = messages.training.log;
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => holder.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });
  useEffect(() => {
    if (isAtEnd.current && lines.length > 0) rows.scrollToIndex(lines.length - 1);
  }, [lines.length, rows]);
  if (lines.length === 0) return <p className="muted">{text.empty}</p>;
  return (
    <div
      ref={holder}
      className="log"
      role="log"
      aria-label={text.title}
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < 2 * rowHeight;
      }}
    >
      <div className="log-space" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start, key }) => {
          const line = lines[index];
          return line === undefined ? null : (
            <p
              key={key}
              data-index={index}
              ref={rows.measureElement}
              className={`log-line is-${line.kind}`}
              style={{ transform: `translateY(${start}px)` }}
            >
              <time dateTime={line.time}>{timeText(line.time)}</time>
              <span>{describe(line)}</span>
            </p>
          );
        })}
      </div>
    </div>
  );
}

function describe({ body }: LogLine): string {
  const text = messages.training.log;
  switch (body.type) {
    case 'phase': {
      const name = messages.training.phases[body.phase];
      return text.phase(name, shortCount(body.trainableParameters), body.cut);
    }
    case 'epoch': {
      const { epoch, valLoss, valAccuracy } = body.metrics;
      return text.epoch(epoch, lossText(valLoss), percentText(valAccuracy));
    }
    case 'log':
      return body.message;
    case 'paused':
      return text.paused;
    case 'resumed':
      return text.resumed;
    case 'done':
      return text.done;
    case 'failed':
      return body.error.message;
    default:
      return '';
  }
}
