import { createEffect, createSignal, on, Show } from 'solid-js';
import type { Channel, Status, User } from '../../wire/types';
import { nameOf, statusOf } from '../../app/people';
import { t } from '../../i18n';
import { Icon } from './Icon';

/** The hue of a person or server without a picture: the same everywhere, spread over twelve that were chosen by eye. */
const hues = [12, 28, 44, 70, 100, 135, 160, 178, 200, 228, 275, 330];
export const hueOf = (id: string): number => hues[Number(BigInt(id) % 977n) % hues.length]!;

/** Up to two letters, whole characters of whatever script (an emoji is one). */
export function initials(name: string): string {
  const words = name.trim().split(/[\s._-]+/).filter(Boolean);
  const first = (w: string | undefined): string => (w ? ([...new Intl.Segmenter().segment(w)][0]?.segment ?? '') : '');
  const one = first(words[0]);
  return (/\p{Extended_Pictographic}/u.test(one) ? one : one + first(words[1])).toUpperCase() || '?';
}

function Picture(props: { url: string | null; id: string; name: string; size: number; shape: 'round' | 'tile' }) {
  const [broken, setBroken] = createSignal(false);
  createEffect(on(() => props.url, () => setBroken(false)));
  return (
    <span class={`picture ${props.shape}`} style={{ '--hue': hueOf(props.id), width: `${props.size}px`, height: `${props.size}px`, 'font-size': `${Math.round(props.size * 0.38)}px` }}>
      <Show when={props.url && !broken()} fallback={<span class="initials" aria-hidden="true">{initials(props.name)}</span>}>
        <img src={props.url!} alt="" width={props.size} height={props.size} loading="lazy" decoding="async" onError={() => setBroken(true)} />
      </Show>
    </span>
  );
}

export const avatarUrl = (u: User, size = 128): string | null => (u.avatar ? `/avatars/${u.id}/${u.avatar}.webp?size=${size}` : null);

export function Avatar(props: { user: User; size: number; status?: boolean }) {
  const status = (): Status => statusOf(props.user.id);
  return (
    <span class="avatar">
      <Picture url={avatarUrl(props.user)} id={props.user.id} name={nameOf(props.user)} size={props.size} shape="round" />
      <Show when={props.status}>
        <span class={`presence ${status()}`} role="img" aria-label={t.statusNames[status()]} />
      </Show>
    </span>
  );
}

export const iconUrl = (guild: { id: string; icon: string | null }): string | null => (guild.icon ? `/icons/${guild.id}/${guild.icon}.webp?size=128` : null);

export function GuildIcon(props: { guild: { id: string; name: string; icon: string | null }; size: number }) {
  return (
    <Picture url={iconUrl(props.guild)} id={props.guild.id} name={props.guild.name} size={props.size} shape="tile" />
  );
}

export function ChannelAvatar(props: { channel: Channel; size: number; status?: boolean }) {
  return (
    <Show when={props.channel.type === 1 && props.channel.recipients?.[0]} fallback={
      <span class="picture round group" style={{ '--hue': hueOf(props.channel.id), width: `${props.size}px`, height: `${props.size}px` }}>
        <Show when={props.channel.icon} fallback={<Icon name="users" size={Math.round(props.size * 0.5)} />}>
          <img src={`/channel-icons/${props.channel.id}/${props.channel.icon}.webp?size=128`} alt="" />
        </Show>
      </span>
    }>
      {(user) => <Avatar user={user()} size={props.size} status={props.status ?? false} />}
    </Show>
  );
}
