import type { RefObject } from "preact";
import { useMemo } from "preact/hooks";

/** As wide as the four actions behind a row. */
const OPEN_PX = 264;
const BEGINS_PX = 10;

let closeOpen: (() => void) | null = null;

/** A row that a finger draws to the left to uncover what can be done with it; another touch lets it back. */
export function useSwipe(front: RefObject<HTMLElement>) {
  return useMemo(() => {
    let from: { x: number; y: number } | null = null;
    let begunAt = 0;
    let shift = 0;
    let swiping = false;
    let swallow = false;

    const move = (to: number, settle: boolean) => {
      shift = to;
      const element = front.current;
      if (!element) return;
      element.classList.toggle("chat-settling", settle);
      element.style.transform = to === 0 ? "" : `translateX(${to}px)`;
    };
    const close = () => {
      move(0, true);
      if (closeOpen === close) closeOpen = null;
    };
    const open = () => {
      move(-OPEN_PX, true);
      closeOpen = close;
    };
    const handlers = {
      onTouchStart(event: TouchEvent) {
        const [touch] = event.touches;
        swallow = closeOpen !== null;
        if (closeOpen && closeOpen !== close) closeOpen();
        begunAt = shift;
        swiping = false;
        from = touch && event.touches.length === 1 ? { x: touch.clientX, y: touch.clientY } : null;
      },
      onTouchMove(event: TouchEvent) {
        const [touch] = event.touches;
        if (!from || !touch) return;
        const right = touch.clientX - from.x;
        const down = Math.abs(touch.clientY - from.y);
        if (!swiping && down > BEGINS_PX) from = null;
        else if (swiping || Math.abs(right) > BEGINS_PX) {
          swiping = true;
          move(Math.max(-OPEN_PX, Math.min(0, begunAt + right)), false);
        }
      },
      onTouchEnd() {
        if (swiping) {
          swallow = true;
          if (shift < (begunAt < 0 ? -OPEN_PX * 0.75 : -OPEN_PX * 0.25)) open();
          else close();
        } else if (begunAt < 0) close();
        from = null;
      },
      onTouchCancel() {
        from = null;
        if (begunAt < 0) open();
        else close();
      },
    };
    /** True once after a swipe, or after a touch that only closed one: such a press opens no room. */
    const swallows = () => {
      const was = swallow;
      swallow = false;
      return was;
    };
    return { handlers, close, swallows };
  }, [front]);
}
