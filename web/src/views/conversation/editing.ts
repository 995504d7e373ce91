import { createSignal } from 'solid-js';
import type { Message } from '../../wire/types';

/** The message that is being edited, and the one that the composer answers. */
export const [editing, setEditing] = createSignal<string | null>(null);
export const [replying, setReplying] = createSignal<{ message: Message; ping: boolean } | null>(null);
