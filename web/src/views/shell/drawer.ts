import { createSignal } from 'solid-js';

/** On a narrow page the lists lie beside the conversation, and one of them may be drawn over it. */
export const [drawer, setDrawer] = createSignal<'left' | 'right' | null>(null);
export const openDrawer = (side: 'left' | 'right'): void => void setDrawer(side);

/** A swipe must go this far (px) sideways, and be clearly more sideways than up or down. */
const farEnough = 56;

export function swipes(el: HTMLElement): void {
  let x = 0;
  let y = 0;
  let blocked = false;
  el.addEventListener('touchstart', (e) => {
    x = e.touches[0]!.clientX;
    y = e.touches[0]!.clientY;
    blocked = (e.target as HTMLElement).closest('.fence pre, .voice-wave, input[type=range], .lightbox, [role=dialog]') !== null;
  }, { passive: true });
  el.addEventListener('touchend', (e) => {
    const dx = e.changedTouches[0]!.clientX - x;
    const dy = e.changedTouches[0]!.clientY - y;
    if (blocked || Math.abs(dx) < farEnough || Math.abs(dx) < Math.abs(dy) * 1.6) return;
    if (dx > 0) setDrawer(drawer() === 'right' ? null : 'left');
    else setDrawer(drawer() === 'left' ? null : 'right');
  }, { passive: true });
}
