import { useEffect, useMemo, useRef } from 'react';
import { useStoreApi } from '@xyflow/react';
import type { ModelReport } from '../../../../../shared/ipc/model/report.ts';
import { useNetworkView } from '../../../../stores/network/view.ts';
import { usePlan } from '../../../../stores/network/plan.ts';
import { useHeats } from '../../heatView.ts';
import type { Layout } from '../../layout/layout.ts';
import { useBarKind } from '../node/bars.ts';
import type { Size } from '../view/useSize.ts';
import { coloursOfPage, paint } from './paint.ts';
import { pictureOf } from './picture.ts';

interface OverviewProps {
  readonly model: ModelReport;
  readonly layout: Layout;
  readonly size: Size;
}

/**
 * A large network from afar, where nothing of a node could be read: one drawing instead of a thousand elements, redrawn as
 * the view moves without React having any part in it.
 */
export function Overview({ model, layout, size }: OverviewProps) {
  const element = useRef<HTMLCanvasElement>(null);
  const flow = useStoreApi();
  const thawed = usePlan((plan) => plan.thawed);
  const selected = useNetworkView((view) => view.selected);
  const heats = useHeats();
  const isHeat = useBarKind() === 'change';
  const picture = useMemo(
    () => pictureOf(layout, model, thawed, selected, isHeat ? (heats?.of ?? null) : null),
    [layout, model, thawed, selected, isHeat, heats],
  );
  const { width, height } = size;

  useEffect(() => {
    const canvas = element.current?.getContext('2d');
    if (canvas === null || canvas === undefined) return;
    let colours = coloursOfPage();
    let frame = 0;
    const draw = (): void => {
      frame = 0;
      const [x, y, zoom] = flow.getState().transform;
      paint(canvas, picture, layout, { x, y, zoom, width, height, density: devicePixelRatio }, colours);
    };
    const plan = (): void => {
      if (frame === 0) frame = requestAnimationFrame(draw);
    };
    draw();
    const stop = flow.subscribe(plan);
    const look = new MutationObserver(() => {
      colours = coloursOfPage();
      plan();
    });
    look.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      stop();
      look.disconnect();
      cancelAnimationFrame(frame);
    };
  }, [flow, picture, layout, width, height]);

  return (
    <canvas
      ref={element}
      className="overview"
      aria-hidden
      width={Math.round(width * devicePixelRatio)}
      height={Math.round(height * devicePixelRatio)}
    />
  );
}
