import type { ReactNode } from 'react';
import { Component } from 'react';
import { messages } from '../messages/index.ts';

/** Says when a part of the page could not be loaded, or broke, in place of an empty window; reloading asks again. */
export class LoadBoundary extends Component<
  { readonly children: ReactNode },
  { readonly failure: string | null }
> {
  override state = { failure: null };

  static getDerivedStateFromError(cause: unknown): { failure: string } {
    return { failure: cause instanceof Error ? cause.message : String(cause) };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    if (failure === null) return this.props.children;
    const text = messages.frame.broken;
    return (
      <div className="station-broken" role="alert">
        <h2>{text.title}</h2>
        <p>{text.explain}</p>
        <p className="muted">{failure}</p>
        <button
          type="button"
          onClick={() => {
            location.reload();
          }}
        >
          {text.reload}
        </button>
      </div>
    );
  }
}
