import { useEffect, useId, useRef, useState } from 'react';
import type { ModelReport } from '../../../../shared/ipc/model/report.ts';
import { messages } from '../../../messages/index.ts';
import { useNetworkView } from '../../../stores/network/view.ts';
import { findItems } from './findItems.ts';

const text = messages.network;
const shownMost = 50;

/** The find box: arrows choose, Enter goes there, Escape closes. */
export function Find({ model }: { readonly model: ModelReport }) {
  const { query, find, goTo } = useNetworkView();
  const [chosen, setChosen] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const id = useId();
  const isOpen = query !== null;
  useEffect(() => {
    if (isOpen) input.current?.focus();
  }, [isOpen]);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  if (query === null)
    return (
      <button
        type="button"
        className="find-button"
        onClick={() => {
          setChosen(0);
          find('');
        }}
      >
        <svg width={14} height={14} viewBox="0 0 16 16" aria-hidden focusable={false}>
          <path d="M7 7m-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0M10.5 10.5L14 14" />
        </svg>
        {text.find}
        <kbd>/</kbd>
      </button>
    );
  const found = findItems(model, query);
  const shown = found.slice(0, shownMost);
  const go = (index: number): void => {
    const one = shown[index];
    if (one === undefined) return;
    find(null);
    goTo(one.item, one.block);
  };
  const option = (index: number): string => `${id}-${index}`;
  return (
    <div className="find">
      <input
        ref={input}
        type="search"
        role="combobox"
        aria-label={text.findHint}
        aria-expanded={shown.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={shown.length > 0 ? option(chosen) : undefined}
        placeholder={text.findHint}
        value={query}
        onChange={(event) => {
          setChosen(0);
          find(event.target.value);
        }}
        onKeyDown={(event) => {
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (step !== undefined) setChosen((at) => Math.max(0, Math.min(shown.length - 1, at + step)));
          else if (event.key === 'Enter') go(chosen);
          else if (event.key === 'Escape') find(null);
          else return;
          event.preventDefault();
        }}
        onBlur={(event) => {
          if (!event.currentTarget.parentElement?.contains(event.relatedTarget)) find(null);
        }}
      />
      {query.trim() !== '' && <span className="found muted">{text.found(found.length)}</span>}
      <ul ref={list} id={`${id}-list`} role="listbox" aria-label={text.find} hidden={shown.length === 0}>
        {shown.map(({ item, name, type }, index) => (
          <li
            key={item}
            id={option(index)}
            role="option"
            aria-selected={index === chosen}
            onPointerDown={(event) => {
              event.preventDefault();
              go(index);
            }}
          >
            <span>{name}</span>
            <span className="muted">{type ?? text.block}</span>
          </li>
        ))}
      </ul>
      <span className="sr-only" role="status">
        {query.trim() === '' ? '' : text.found(found.length)}
      </span>
    </div>
  );
}
