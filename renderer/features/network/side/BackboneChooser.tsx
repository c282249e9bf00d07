import { messages } from '../../../messages/index.ts';
import { Catalogue } from '../catalogue/Catalogue.tsx';
import { useApp } from '../../../stores/app.ts';
import { useCatalogue } from '../../../stores/network/catalogue.ts';
import { usePlan } from '../../../stores/network/plan.ts';

const text = messages.network;

/** Which pretrained network is trained on. */
export function BackboneChooser() {
  const backbones = useApp((app) => app.hello?.backbones ?? []);
  const { backbone, isOpening, open } = usePlan();
  const isListed = backbones.some(({ name }) => name === backbone);
  return (
    <section className="backbone">
      <label className="choice">
        <span className="label">{text.backbone}</span>
        <select
          value={backbone ?? ''}
          disabled={isOpening}
          onChange={(event) => {
            void open(event.target.value);
          }}
        >
          {!isListed && backbone !== null && (
            <option value={backbone} title={backbone}>
              {backbone.split(/[\\/]/).at(-1)}
            </option>
          )}
          {backbones.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        onClick={() => {
          useCatalogue.getState().show(true);
        }}
      >
        {messages.catalogue.show}
      </button>
      <Catalogue />
      {isOpening && <progress aria-label={text.loading} />}
    </section>
  );
}
