import { createEffect, createRoot } from 'solid-js';
import { mentionsMe, mentioning, isGuildMuted, isMuted, unreadOf } from '../store/unread';
import type { Message, MessageAck } from '../wire/types';
import { MessageType } from '../wire/types';
import { previewText } from '../views/conversation/Preview';
import { channelName, isBlocked, nameIn } from './people';
import { onEvent, state, token } from './client';
import { notifySetting, soundSetting } from './prefs';
import { currentChannelId, go } from './router';
import { isPrivate } from '../store/state';
import { t } from '../i18n';

/** Whether this message is worth an interruption, by the settings of its server and channel. */
export function isWorthTelling(m: Message): boolean {
  const channel = state.channels[m.channel_id];
  if (!channel || m.author.id === state.me?.id || isBlocked(m.author.id) || state.settings.status === 'dnd' || isMuted(state, channel)) return false;
  if (isPrivate(channel)) return true;
  const guildId = channel.guild_id!;
  const settings = state.guildSettings[guildId];
  const own = settings?.channel_overrides?.find((o) => o.channel_id === channel.id)?.message_notifications;
  const level = own !== undefined && own !== 3 ? own : (settings?.message_notifications ?? state.guilds[guildId]?.defaultNotifications ?? 0);
  if (isGuildMuted(state, guildId) || level === 2) return false;
  const named = mentionsMe(state, channel, {
    ...mentioning(m),
    everyone: m.mention_everyone && !settings?.suppress_everyone,
    roles: settings?.suppress_roles ? [] : m.mention_roles,
  });
  return level === 0 || named;
}

let context: AudioContext | undefined;

/** Two soft notes, made here rather than loaded. */
function chime(): void {
  // A page that was never touched may make no sound.
  if (!navigator.userActivation?.hasBeenActive) return;
  try {
    context ??= new AudioContext();
    [660, 880].forEach((pitch, i) => {
      const at = context!.currentTime + i * 0.09;
      const tone = context!.createOscillator();
      const gain = context!.createGain();
      tone.frequency.value = pitch;
      gain.gain.setValueAtTime(0, at);
      gain.gain.linearRampToValueAtTime(0.07, at + 0.015);
      gain.gain.exponentialRampToValueAtTime(0.0005, at + 0.28);
      tone.connect(gain).connect(context!.destination);
      tone.start(at);
      tone.stop(at + 0.3);
    });
  } catch (error) {
    console.debug('chime', error);
  }
}

function tell(m: Message): void {
  const watching = document.hasFocus() && currentChannelId() === m.channel_id;
  if (watching || m.type === MessageType.join || !isWorthTelling(m)) return;
  if (soundSetting() === 'on') chime();
  if (notifySetting() !== 'on' || document.hasFocus() || !('Notification' in window) || Notification.permission !== 'granted') return;
  const channel = state.channels[m.channel_id]!;
  const name = nameIn(channel.guild_id, m.author);
  const title = channel.type === 1 ? name : `${name} · ${channel.guild_id ? '#' : ''}${channelName(channel)}`;
  const note = new Notification(title, { body: previewText(m), tag: m.channel_id, icon: '/icon-192.png' });
  note.onclick = () => {
    focus();
    go({ name: 'channel', guildId: channel.guild_id ?? null, channelId: channel.id, messageId: m.id });
    note.close();
  };
}

/** What was read, here or elsewhere, is told no longer. */
async function withdraw(channelId: string): Promise<void> {
  if (unreadOf(state, channelId).unread) return;
  const registration = await navigator.serviceWorker?.getRegistration();
  for (const note of (await registration?.getNotifications({ tag: channelId })) ?? []) note.close();
}

const unreadMentions = (): number => Object.keys(state.readStates).reduce((n, id) => n + (state.channels[id] ? unreadOf(state, id).mentions : 0), 0);

/** Sounds, notes on the desktop, the number in the title and on the installed app's icon. */
export function watchNotifications(): void {
  onEvent((type, data) => {
    if (type === 'MESSAGE_CREATE') tell(data as Message);
    else if (type === 'MESSAGE_ACK') void withdraw((data as MessageAck).channel_id);
  });
  createRoot(() => createEffect(() => {
    const n = token() ? unreadMentions() : 0;
    const id = currentChannelId();
    const place = id && token() ? channelName(state.channels[id]) : '';
    document.title = `${n > 0 ? `(${n}) ` : ''}${place && place !== t.unknownChannel ? `${place} · ` : ''}Kith`;
    if ('setAppBadge' in navigator) void (n > 0 ? navigator.setAppBadge(n) : navigator.clearAppBadge()).catch(() => undefined);
  }));
  navigator.serviceWorker?.addEventListener('message', (e: MessageEvent<{ open?: string }>) => {
    const path = e.data.open;
    const m = path && /^\/channels\/(@me|\d+)\/(\d+)(?:\/(\d+))?$/.exec(path);
    if (m) go({ name: 'channel', guildId: m[1] === '@me' ? null : m[1]!, channelId: m[2]!, ...(m[3] ? { messageId: m[3] } : {}) });
  });
}
