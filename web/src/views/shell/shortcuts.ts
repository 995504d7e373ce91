import { state } from '../../app/client';
import { markRead } from '../../app/acks';
import { currentChannelId, currentGuildId, go } from '../../app/router';
import { unreadOf } from '../../store/unread';
import { setPane } from '../conversation/pane';
import { dialogOpen, toastError } from '../ui/Overlay';
import { sortedChannels, sortedPrivate } from './order';

/** Ctrl-K finds, Alt-arrows walk through the list, Alt-Shift-arrows through what is unread, Shift-Esc reads all, Ctrl-F searches. */
export function shortcuts(quick: () => void): () => void {
  const onKey = (e: KeyboardEvent): void => {
    const ctrl = e.ctrlKey || e.metaKey;
    if (ctrl && !e.altKey && e.key.toLowerCase() === 'k') { e.preventDefault(); quick(); return; }
    if (dialogOpen()) return;
    if (ctrl && e.key.toLowerCase() === 'f' && currentChannelId()) { e.preventDefault(); setPane('search'); return; }
    if (e.altKey && !ctrl && (e.key === 'ArrowUp' || e.key === 'ArrowDown')) { e.preventDefault(); step(e.key === 'ArrowUp' ? -1 : 1, e.shiftKey); return; }
    if (e.key === 'Escape' && e.shiftKey) {
      const guild = currentGuildId();
      markRead(guild ? (state.guilds[guild]?.channelIds ?? []) : state.privateIds).catch(toastError);
      return;
    }
    if (e.key === 'Escape' && !e.defaultPrevented && !(e.target as HTMLElement).closest('[role=menu]')) {
      const channel = currentChannelId();
      if (channel && unreadOf(state, channel).unread) markRead([channel]).catch(toastError);
      document.querySelector<HTMLElement>('.composer textarea')?.focus();
    }
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}

function step(by: number, onlyUnread: boolean): void {
  const guild = currentGuildId();
  const list = guild ? sortedChannels(guild).filter((c) => c.type !== 2) : sortedPrivate();
  const at = list.findIndex((c) => c.id === currentChannelId());
  for (let i = 1; i <= list.length; i++) {
    const next = list[(at + by * i + list.length * i) % list.length]!;
    if (onlyUnread && !unreadOf(state, next.id).unread) continue;
    go({ name: 'channel', guildId: guild, channelId: next.id });
    return;
  }
}
