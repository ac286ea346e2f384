/** A part of the page that may be taller than its place, with a button for each direction: no swipe is needed. */

import type { ComponentChildren, HTMLAttributes, JSX, RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { words } from '../i18n/words';
import { Icon } from './icons';

interface Reach {
  readonly up: boolean;
  readonly down: boolean;
}

interface Props {
  /** The scrolling element, for a parent that moves it. */
  readonly view?: RefObject<HTMLDivElement | null>;
  readonly class?: string;
  /** What else the scrolling element is: role, name, live region. */
  readonly attributes?: HTMLAttributes<HTMLDivElement>;
  readonly children: ComponentChildren;
}

/** How much of the old page stays in sight when a page is turned. */
const OVERLAP = 0.15;

export function Scroller({ view: given, class: kind = '', attributes, children }: Props): JSX.Element {
  const own = useRef<HTMLDivElement>(null);
  const view = given ?? own;
  const [reach, setReach] = useState<Reach>({ up: false, down: false });
  const overflows = reach.up || reach.down;

  useLayoutEffect(() => {
    const element = view.current;
    if (element === null) {
      return;
    }
    const measure = () => {
      const up = element.scrollTop > 1;
      const down = element.scrollTop + element.clientHeight < element.scrollHeight - 1;
      setReach((before) => (before.up === up && before.down === down ? before : { up, down }));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    for (const child of element.children) {
      observer.observe(child);
    }
    element.addEventListener('scroll', measure, { passive: true });
    measure();
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, [view]);

  const turn = (pages: number) => {
    const element = view.current;
    element?.scrollBy({ top: pages * element.clientHeight * (1 - OVERLAP) });
  };

  return (
    <div class={`scroller ${kind}`}>
      {/* Focusable while it scrolls, for a keyboard has no other way to what lies below. */}
      <div {...attributes} ref={view} class="scroller__view" tabIndex={overflows ? 0 : undefined}>
        <div class="scroller__content">{children}</div>
      </div>
      {overflows && (
        <div class="scroller__turn">
          <button type="button" class="button" disabled={!reach.up} onClick={() => turn(-1)}>
            <Icon name="up" />
            {words.scroll.up}
          </button>
          <button type="button" class="button" disabled={!reach.down} onClick={() => turn(1)}>
            <Icon name="down" />
            {words.scroll.down}
          </button>
        </div>
      )}
    </div>
  );
}
