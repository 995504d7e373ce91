import { createSignal } from 'solid-js';
import type { Snowflake } from '../wire/types';

const prefix = 'kith.draft.';
const [version, bump] = createSignal(0);

/** Drafts outlive a reload and a revoked token; they are kept on this device only. */
export const draft = (channelId: Snowflake): string => localStorage.getItem(prefix + channelId) ?? '';

export function saveDraft(channelId: Snowflake, text: string): void {
  const had = draft(channelId) !== '';
  if (text.trim()) localStorage.setItem(prefix + channelId, text);
  else localStorage.removeItem(prefix + channelId);
  if (had !== (text.trim() !== '')) bump(version() + 1);
}

export const hasDraft = (channelId: Snowflake): boolean => {
  version();
  return draft(channelId) !== '';
};
