import type { DragEvent } from 'react';
import { useState } from 'react';

interface DropTarget {
  /** Whether what is dragged can be dropped here; anything when not told. */
  accepts?(transfer: DataTransfer): boolean;
  /** Called within the drop event: what the transfer holds is gone after it. */
  onDrop(transfer: DataTransfer): void;
}

/** Drag events that a target inside has taken; those around it leave them alone. */
const taken = new WeakSet<Event>();

/**
 * A place to drop things on, which may lie inside another one: the innermost that accepts what is dragged takes it.
 * @returns whether something it accepts is over it, and the handlers for its element.
 */
export function useDropTarget({ accepts = () => true, onDrop }: DropTarget) {
  const [isOver, setIsOver] = useState(false);
  const takes = (event: DragEvent): boolean => {
    const isMine = !taken.has(event.nativeEvent) && accepts(event.dataTransfer);
    if (isMine) {
      taken.add(event.nativeEvent);
      // The browser opens what is dropped on it unless it is told that the page takes it.
      event.preventDefault();
    }
    return isMine;
  };
  const handlers = {
    onDragOver(event: DragEvent): void {
      setIsOver(takes(event));
    },
    onDragLeave(event: DragEvent): void {
      const { relatedTarget } = event;
      const isInside = relatedTarget instanceof Node && event.currentTarget.contains(relatedTarget);
      if (!isInside) setIsOver(false);
    },
    onDrop(event: DragEvent): void {
      setIsOver(false);
      if (takes(event)) onDrop(event.dataTransfer);
    },
  };
  return { isOver, handlers };
}
