import { useEffect, useState } from 'react';
import type { FindingKind } from '../../../../shared/domain/dataset.ts';
import type { FindingPage } from '../../../../shared/ipc/dataset/images.ts';
import { messages } from '../../../messages/index.ts';
import { useApp } from '../../../stores/app.ts';
import { useDataset } from '../../../stores/data/dataset.ts';
import { runJob } from '../../../stores/engine.ts';
import { useImages } from '../../../stores/data/images.ts';
import { UndoButtons } from '../grid/UndoButtons.tsx';
import { FindingCard } from './FindingCard.tsx';
import { GroupRemedies } from './Remedies.tsx';

const atOnce = 50;

/** The findings of one kind, each with its images and what can be done. */
export function FindingView({ kind }: { readonly kind: FindingKind }) {
  const { page, more } = useFindings(kind);
  const show = useImages((state) => state.show);
  const text = messages.data;
  return (
    <div className="finding-view">
      <div className="grid-toolbar">
        <h2>{text.findingNames[kind]}</h2>
        <span className="spring" />
        {page !== null && hasMany(page) && <GroupRemedies kind={kind} />}
        <button
          type="button"
          onClick={() => {
            show({ type: 'images', label: null, side: null });
          }}
        >
          {text.back}
        </button>
        <UndoButtons />
      </div>
      <div className="finding-list">
        <p className="muted">{text.findingHelp[kind]}</p>
        {page?.findings.map((finding) => (
          <FindingCard key={finding.message} finding={finding} />
        ))}
        {page !== null && page.total === 0 && <p>{text.noFindings}</p>}
        {page !== null && page.findings.length < page.total && (
          <button type="button" onClick={more}>
            {text.showMore}
          </button>
        )}
      </div>
    </div>
  );
}

/** Whether there is more than the one card's remedy reaches. */
function hasMany({ total, findings }: FindingPage): boolean {
  return total > 1 || findings.some(({ count, images }) => count > images.length);
}

/** Findings of a kind as far as they were asked for, anew whenever the project changes. */
function useFindings(kind: FindingKind): { page: FindingPage | null; more: () => void } {
  const folder = useDataset((state) => state.project?.folder ?? null);
  const revision = useDataset((state) => state.revision);
  const [limit, setLimit] = useState(atOnce);
  const [page, setPage] = useState<FindingPage | null>(null);
  useEffect(() => {
    let isWanted = true;
    const ask = async (): Promise<void> => {
      if (folder === null) return;
      const findings: FindingPage['findings'] = [];
      let total = 0;
      // Pages hold at most 200 findings.
      for (let offset = 0; offset < limit; offset += 200) {
        const job = { job: 'list-findings' as const, dataset: folder, kind };
        const found = await runJob({ ...job, offset, limit: Math.min(200, limit - offset) });
        if (!isWanted) return;
        if (!found.ok) {
          useApp.getState().report(found.error);
          return;
        }
        findings.push(...found.value.findings);
        total = found.value.total;
        if (findings.length >= total) break;
      }
      setPage({ total, findings });
    };
    void ask();
    return () => {
      isWanted = false;
    };
  }, [folder, revision, kind, limit]);
  return {
    page,
    more: () => {
      setLimit(limit + atOnce);
    },
  };
}
