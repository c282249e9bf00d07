import { messages } from '../../../../messages/index.ts';

interface KeptMarkProps {
  readonly kept: 'full' | 'partial';
  readonly isTold?: boolean;
}

/** A stack: the features that training from here on reads are kept, of all images or of some. */
export function KeptMark({ kept, isTold = true }: KeptMarkProps) {
  return (
    <span className={`kept ${kept}`} title={isTold ? messages.inspector.thawing.kept[kept] : undefined}>
      <svg width={12} height={12} viewBox="0 0 16 16" aria-hidden focusable={false}>
        <path
          d={
            kept === 'full' ? 'M2 5l6-3 6 3-6 3zM2 8l6 3 6-3M2 11l6 3 6-3' : 'M2 8l6-3 6 3-6 3zM2 11l6 3 6-3'
          }
        />
      </svg>
    </span>
  );
}
