import { useDataset } from '../../stores/data/dataset.ts';
import { DataDesk } from './DataDesk.tsx';
import { MovedDialog } from './MovedDialog.tsx';
import { OpenData } from './OpenData.tsx';
import { ScanProgress } from './ScanProgress.tsx';
import { LooseDialog } from './take/LooseDialog.tsx';
import './data.css';
import './grid.css';
import './panel.css';

/** The images: opening them, what is in them, what is wrong with them, and every decision about them. */
export function DataStation() {
  const { dataset, scan } = useDataset();
  return (
    <>
      {scan !== null ? <ScanProgress /> : dataset === null ? <OpenData /> : <DataDesk />}
      <LooseDialog />
      <MovedDialog />
    </>
  );
}
