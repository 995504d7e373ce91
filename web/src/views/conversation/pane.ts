import { createSignal } from 'solid-js';

/** What stands beside the conversation instead of the members. */
export const [pane, setPane] = createSignal<'search' | 'pins' | null>(null);
export const [searchFor, setSearchFor] = createSignal('');
