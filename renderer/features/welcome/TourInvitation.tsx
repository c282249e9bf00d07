import { useState } from 'react';
import { messages } from '../../messages/index.ts';
import { useApp } from '../../stores/app.ts';

const key = 'tour';

/** Offers the tour until someone has answered; the bar's button opens it at any time. */
export function TourInvitation() {
  const showTour = useApp((state) => state.showTour);
  const [isAnswered, setIsAnswered] = useState(() => localStorage.getItem(key) !== null);
  const text = messages.welcome;
  if (isAnswered) return null;
  const answer = (wantsTour: boolean): void => {
    localStorage.setItem(key, wantsTour ? 'taken' : 'skipped');
    setIsAnswered(true);
    if (wantsTour) showTour(0);
  };
  return (
    <aside className="invitation" aria-label={text.tourTitle}>
      <span>
        <strong>{text.tourTitle}</strong> {text.tourText}
      </span>
      <button
        type="button"
        onClick={() => {
          answer(true);
        }}
      >
        {text.tourStart}
      </button>
      <button
        type="button"
        className="bare"
        onClick={() => {
          answer(false);
        }}
      >
        {text.tourSkip}
      </button>
    </aside>
  );
}
