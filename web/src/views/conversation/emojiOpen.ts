import { createSignal } from 'solid-js';

/** Where the picker was asked for, and what to do with the choice. The picker itself is loaded when first asked for. */
export interface PickerRequest { from: DOMRect; pick: (emoji: string) => void; focusBack: HTMLElement | null }

export const [pickerRequest, setPickerRequest] = createSignal<PickerRequest | null>(null);

export function openEmojiPicker(from: HTMLElement, pick: (emoji: string) => void): void {
  setPickerRequest({ from: from.getBoundingClientRect(), pick, focusBack: document.activeElement as HTMLElement | null });
}
