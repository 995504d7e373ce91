import { createSignal } from 'solid-js';
import type { EmojiEntry } from '../../app/emojis';

/** Where the picker was asked for, and what to do with the choice. The picker itself is loaded when first asked for. */
export interface PickerRequest { from: DOMRect; channelId: string; pick: (emoji: EmojiEntry) => void; focusBack: HTMLElement | null }

export const [pickerRequest, setPickerRequest] = createSignal<PickerRequest | null>(null);

export function openEmojiPicker(from: HTMLElement, channelId: string, pick: (emoji: EmojiEntry) => void): void {
  setPickerRequest({ from: from.getBoundingClientRect(), channelId, pick, focusBack: document.activeElement as HTMLElement | null });
}
