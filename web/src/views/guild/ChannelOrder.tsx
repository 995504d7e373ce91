import { For } from 'solid-js';
import { rest, state } from '../../app/client';
import type { GuildState } from '../../store/state';
import type { Channel } from '../../wire/types';
import { t } from '../../i18n';
import { Icon, IconButton } from '../ui/Icon';
import { openDialog, toastError } from '../ui/Overlay';
import { sections } from '../shell/order';
import CreateChannel from './CreateChannel';

/** Order of categories and of channels in them; a channel moved past the edge of its category enters the next. */
export function ChannelOrder(props: { guild: GuildState }) {
  const flat = (): Channel[] => sections(props.guild.id, true).flatMap((s) => [...(s.category ? [s.category] : []), ...s.channels]);
  const put = (list: { id: string; position: number; parent_id?: string | null }[]): void => void rest.patch(`/guilds/${props.guild.id}/channels`, list).catch(toastError);
  const move = (c: Channel, by: -1 | 1): void => {
    const all = sections(props.guild.id, true);
    if (c.type === 4) {
      const categories = all.flatMap((s) => s.category ?? []);
      const at = categories.findIndex((x) => x.id === c.id);
      const next = [...categories];
      if (!next[at + by]) return;
      [next[at], next[at + by]] = [next[at + by]!, next[at]!];
      put(next.map((x, i) => ({ id: x.id, position: i })));
      return;
    }
    const own = all.findIndex((s) => s.channels.some((x) => x.id === c.id));
    const list = [...all[own]!.channels];
    const at = list.findIndex((x) => x.id === c.id);
    const target = list[at + by] ? own : own + by;
    if (target === own) {
      [list[at], list[at + by]] = [list[at + by]!, list[at]!];
      put(list.map((x, i) => ({ id: x.id, position: i })));
    } else if (all[target]) {
      const into = all[target].channels.filter((x) => x.id !== c.id);
      if (by === 1) into.unshift(c); else into.push(c);
      put(into.map((x, i) => ({ id: x.id, position: i, ...(x.id === c.id ? { parent_id: all[target]!.category?.id ?? null } : {}) })));
    }
  };
  return (
    <div class="stack limited">
      <ul class="order">
        <For each={flat()}>
          {(c) => (
            <li classList={{ category: c.type === 4 }} data-channel={c.name}><Icon name={c.type === 4 ? 'archive' : 'hash'} size={16} /><span class="grow" dir="auto">{state.channels[c.id]?.name}</span>
              <IconButton icon="chevronDown" class="flip" size={14} label={t.moveUp} onClick={() => move(c, -1)} /><IconButton icon="chevronDown" size={14} label={t.moveDown} onClick={() => move(c, 1)} /></li>
          )}
        </For>
      </ul>
      <button type="button" class="button quiet" onClick={() => openDialog((p) => <CreateChannel guildId={props.guild.id} parentId={null} close={p.close} />)}><Icon name="plus" size={16} /> {t.createChannel}</button>
    </div>
  );
}
