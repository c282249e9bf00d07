import { messages } from '../messages/index.ts';
import { useApp } from '../stores/app.ts';
import { useDataset } from '../stores/data/dataset.ts';
import { useTraining } from '../stores/training/training.ts';
import { Icon } from '../ui/Icon.tsx';
import { EnginePill } from './EnginePill.tsx';
import { RunButtons } from './RunButtons.tsx';
import { ThemeMenu } from './ThemeMenu.tsx';

/** The bar: product, dataset, engine, commands, theme, and the training's buttons. */
export function Header() {
  const { station, go, openPalette, showTour } = useApp();
  const dataset = useDataset((state) => state.dataset);
  const stage = useTraining((state) => state.training.state);
  const text = messages.frame;
  return (
    <header className="bar">
      <button
        type="button"
        className="bare product"
        title={text.home}
        onClick={() => {
          go('welcome');
        }}
      >
        <Icon name="logo" />
        {messages.product}
      </button>
      {dataset !== null && (
        <span className="about">
          <strong>{dataset.dataset}</strong>{' '}
          <span className="muted">{messages.data.summary(dataset.images, dataset.classes.length)}</span>
        </span>
      )}
      <span className="spring" />
      <EnginePill />
      <button
        type="button"
        className="square"
        title={text.commandsHint}
        aria-label={text.commands}
        onClick={() => {
          openPalette(true);
        }}
      >
        <Icon name="search" />
      </button>
      <button
        type="button"
        className="square"
        title={text.help}
        aria-label={text.help}
        onClick={() => {
          showTour(0);
        }}
      >
        <Icon name="help" />
      </button>
      <ThemeMenu />
      {station !== 'training' && <RunButtons stage={stage} />}
    </header>
  );
}
