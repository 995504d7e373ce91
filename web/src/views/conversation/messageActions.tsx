import { lazy, Suspense } from 'solid-js';
import { state } from '../../app/client';
import { deleteMessage, emojiKey, removeEmbeds, setPinned, toggleReaction } from '../../app/actions';
import { markUnread } from '../../app/acks';
import { asReaction } from '../../app/emojis';
import { isBlocked } from '../../app/people';
import { pathOf } from '../../app/router';
import { can } from '../../store/permissions';
import { MessageFlags, MessageType, type Message } from '../../wire/types';
import { t } from '../../i18n';
import { confirm, openDialog, toast, toastError, type MenuEntry } from '../ui/Overlay';
import { openEmojiPicker } from './emojiOpen';
import { setEditing, setReplying } from './editing';
import { ReactionList } from './ReactionList';

const ReceiptsDialog = lazy(() => import('./ReceiptsDialog'));

const channelOf = (m: Message) => state.channels[m.channel_id];
const isMine = (m: Message): boolean => m.author.id === state.me?.id;
const isText = (m: Message): boolean => m.type === MessageType.default || m.type === MessageType.reply;

export const canEdit = (m: Message): boolean => isMine(m) && isText(m) && !((m.flags ?? 0) & MessageFlags.voice);
export const canDelete = (m: Message): boolean => isMine(m) || can(state, 'manageMessages', channelOf(m));
export const canPin = (m: Message): boolean => isText(m) && (!channelOf(m)?.guild_id || can(state, 'manageMessages', channelOf(m)));
export const canReact = (m: Message): boolean => can(state, 'addReactions', channelOf(m));
export const canReply = (m: Message): boolean => can(state, 'sendMessages', channelOf(m));

export function askDelete(m: Message, now = false): void {
  const run = () => deleteMessage(m);
  if (now) run().catch(toastError);
  else confirm({ title: t.deleteMessage, text: t.deleteMessageText, action: t.delete, danger: true, run });
}

export const startReply = (m: Message): void => void setReplying({ message: m, ping: !isMine(m) && !isBlocked(m.author.id) });

export function pickReaction(m: Message, from: HTMLElement): void {
  openEmojiPicker(from, m.channel_id, (emoji) => void toggleReaction(m, asReaction(emoji)).catch(toastError));
}

export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(t.copied);
  } catch (error) {
    toastError(error);
  }
}

export const linkOf = (m: Message): string =>
  location.origin + pathOf({ name: 'channel', guildId: channelOf(m)?.guild_id ?? null, channelId: m.channel_id, messageId: m.id });

export const showReceipts = (m: Message): void => void openDialog((p) => <Suspense><ReceiptsDialog channelId={m.channel_id} messageId={m.id} close={p.close} /></Suspense>);

export function messageMenu(m: Message, row: HTMLElement): MenuEntry[] {
  return [
    canReact(m) && { label: t.addReaction, icon: 'smile', hint: '+', run: () => pickReaction(m, row) },
    canReply(m) && { label: t.reply, icon: 'reply', hint: 'R', run: () => startReply(m) },
    canEdit(m) && { label: t.edit, icon: 'edit', hint: 'E', run: () => setEditing(m.id) },
    canPin(m) && { label: m.pinned ? t.unpin : t.pin, icon: 'pin', hint: 'P', run: () => setPinned(m, !m.pinned).catch(toastError) },
    !!m.reactions?.length && { label: t.whoReacted, icon: 'smile', run: () => openDialog((p) => <ReactionList message={m} close={p.close} />) },
    channelOf(m)?.type === 3 && { label: t.receipts, icon: 'eye', run: () => showReceipts(m) },
    'line',
    m.content !== '' && { label: t.copyText, icon: 'copy', run: () => copyText(m.content) },
    { label: t.copyLink, icon: 'link', run: () => copyText(linkOf(m)) },
    { label: t.markUnread, icon: 'unread', hint: 'U', run: () => markUnread(m.channel_id, m.id).catch(toastError) },
    isMine(m) && m.embeds.length > 0 && { label: t.removePreviews, icon: 'x', run: () => removeEmbeds(m).catch(toastError) },
    canDelete(m) && 'line',
    canDelete(m) && { label: t.delete, icon: 'trash', danger: true, hint: 'Del', run: () => askDelete(m) },
  ];
}

/** Single keys on a focused message. Answers whether the key was one of them. */
export function messageKeys(m: Message, e: KeyboardEvent): boolean {
  if (e.ctrlKey || e.metaKey || e.altKey) return false;
  const row = e.target as HTMLElement;
  switch (e.key) {
    case 'r': if (canReply(m)) startReply(m); return true;
    case 'e': if (canEdit(m)) setEditing(m.id); return true;
    case 'p': if (canPin(m)) setPinned(m, !m.pinned).catch(toastError); return true;
    case 'u': markUnread(m.channel_id, m.id).catch(toastError); return true;
    case '+': if (canReact(m)) pickReaction(m, row); return true;
    case 'Delete': case 'Backspace': if (canDelete(m)) askDelete(m, e.shiftKey); return true;
    default: return false;
  }
}

export { emojiKey };
