import { messages } from '../../../messages/index.ts';
import { NameDialog } from '../NameDialog.tsx';
import { useClassNames } from '../classes/useClassNames.ts';
import { countOf } from './dropped.ts';
import { takeInto, useTake } from './take.ts';

/** Asks which class single images belong to that were dropped beside all classes. */
export function LooseDialog() {
  const loose = useTake((state) => state.loose);
  const classes = useClassNames();
  const text = messages.data;
  if (loose === null) return null;
  return (
    <NameDialog
      title={text.looseTitle(countOf(loose))}
      action={text.addImages}
      suggestions={classes}
      onClose={() => {
        useTake.setState({ loose: null });
      }}
      onName={(name) => void takeInto(name, loose)}
    />
  );
}
