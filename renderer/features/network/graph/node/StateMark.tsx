import type { PlanState } from '../../../../../shared/domain/plan/edits.ts';

/** Outlines on a 16 × 16 grid: a snow crystal, a sun, half of each, a dash. */
const outlines: Readonly<Record<PlanState, string>> = {
  frozen:
    'M8 1.5v13M2.4 4.7l11.2 6.6M2.4 11.3l11.2-6.6M6.2 2.8L8 4.4l1.8-1.6M6.2 13.2L8 11.6l1.8 1.6M2.3 7.2l2.3-.9-.4-2.4M13.7 8.8l-2.3.9.4 2.4M13.7 7.2l-2.3-.9.4-2.4M2.3 8.8l2.3.9-.4 2.4',
  thawed:
    'M8 8m-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0M8 1v2M8 13v2M1 8h2M13 8h2M3 3l1.4 1.4M11.6 11.6L13 13M13 3l-1.4 1.4M4.4 11.6L3 13',
  partly: 'M8 8m-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0-11 0M8 2.5v11M8 5h2.6M8 8h5.4M8 11h2.6',
  weightless: 'M4.5 8h7',
};

/** The state as a shape; colour alone never says it. */
export function StateMark({ state }: { readonly state: PlanState }) {
  return (
    <svg
      className={`state-mark ${state}`}
      width={15}
      height={15}
      viewBox="0 0 16 16"
      aria-hidden
      focusable={false}
    >
      <path d={outlines[state]} />
    </svg>
  );
}
