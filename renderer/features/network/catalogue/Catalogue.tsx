import { useState } from 'react';
import { Dialog } from '@base-ui/react/dialog';
import { messages } from '../../../messages/index.ts';
import { useCatalogue } from '../../../stores/network/catalogue.ts';
import { Icon } from '../../../ui/Icon.tsx';
import './catalogue.css';
import { BackboneRow } from './BackboneRow.tsx';
import { CatalogueError } from './CatalogueError.tsx';
import { ModelDrop } from './ModelDrop.tsx';

const text = messages.catalogue;

/** Every backbone: what it is worth, whether its weights are here; fetch, measure, use, or bring one. */
export function Catalogue() {
  const { isOpen, show } = useCatalogue();
  return (
    <Dialog.Root open={isOpen} onOpenChange={show}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="catalogue">
          <header>
            <Dialog.Title>{text.title}</Dialog.Title>
            <Dialog.Close className="icon-button" aria-label={text.close}>
              <Icon name="close" />
            </Dialog.Close>
          </header>
          <ModelDrop />
          <CatalogueError />
          <List />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function List() {
  const entries = useCatalogue((catalogue) => catalogue.entries);
  const [wanted, setWanted] = useState('');
  if (entries === null) return <progress aria-label={text.listing} />;
  const word = wanted.trim().toLowerCase();
  const shown = entries.filter(({ name, title, family }) =>
    `${name} ${title} ${family}`.toLowerCase().includes(word),
  );
  return (
    <>
      <label className="catalogue-search">
        <Icon name="search" />
        <input
          type="search"
          aria-label={text.search}
          placeholder={text.search}
          value={wanted}
          onChange={(event) => {
            setWanted(event.target.value);
          }}
        />
      </label>
      <div className="catalogue-list" tabIndex={0} role="group" aria-label={text.title}>
        <table>
          <thead>
            <tr>
              {text.columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((entry) => (
              <BackboneRow key={entry.name} entry={entry} />
            ))}
          </tbody>
        </table>
        {shown.length === 0 && <p className="muted">{text.nothing(wanted)}</p>}
      </div>
    </>
  );
}
