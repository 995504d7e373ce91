import { createMemo, createSignal, For, lazy, Show, Suspense } from 'solid-js';
import { state } from '../../app/client';
import { hasDraft } from '../../app/drafts';
import { currentChannelId, go, pathOf } from '../../app/router';
import { canInGuild } from '../../store/permissions';
import type { GuildState } from '../../store/state';
import { isMuted, unreadOf } from '../../store/unread';
import type { Channel } from '../../wire/types';
import { t } from '../../i18n';
import { Icon, IconButton } from '../ui/Icon';
import { openDialog, openMenu } from '../ui/Overlay';
import { channelMenu } from '../conversation/Conversation';
import { sections } from './order';
import { Badge, guildMenu } from './Rail';

const CreateChannel = lazy(() => import('../guild/CreateChannel'));
const InviteDialog = lazy(() => import('../guild/InviteDialog'));

const collapsedKey = 'kith.collapsed';
const [collapsed, setCollapsed] = createSignal<readonly string[]>(JSON.parse(localStorage.getItem(collapsedKey) ?? '[]') as string[]);

function toggle(id: string): void {
  setCollapsed(collapsed().includes(id) ? collapsed().filter((x) => x !== id) : [...collapsed(), id]);
  localStorage.setItem(collapsedKey, JSON.stringify(collapsed()));
}

export function GuildSidebar(props: { guild: GuildState }) {
  const manages = () => canInGuild(state, 'manageChannels', props.guild.id);
  const list = createMemo(() => sections(props.guild.id, manages()));
  const add = (parent: Channel | null): void => void openDialog((p) => <Suspense><CreateChannel guildId={props.guild.id} parentId={parent?.id ?? null} close={p.close} /></Suspense>);
  return (
    <>
      <header class="sidebar-head">
        <button type="button" class="guild-name" onClick={(e) => openMenu(e, guildMenu(props.guild.id))}><span dir="auto">{props.guild.name}</span><Icon name="chevronDown" size={16} /></button>
        <Show when={canInGuild(state, 'createInvite', props.guild.id)}>
          <IconButton icon="userPlus" label={t.invitePeople} onClick={() => openDialog((p) => <Suspense><InviteDialog guildId={props.guild.id} close={p.close} /></Suspense>)} />
        </Show>
      </header>
      <nav class="channels" aria-label={t.channels}>
        <For each={list()} fallback={<p class="faint">{t.noChannels}</p>}>
          {(section) => (
            <div class="channel-section">
              <Show when={section.category}>
                {(category) => (
                  <div class="category" onContextMenu={(e) => openMenu(e, channelMenu(category()))}>
                    <button type="button" aria-expanded={!collapsed().includes(category().id)} onClick={() => toggle(category().id)}>
                      <Icon name={collapsed().includes(category().id) ? 'chevronRight' : 'chevronDown'} size={12} /><span dir="auto">{category().name}</span>
                    </button>
                    <Show when={manages()}><IconButton icon="plus" size={14} label={t.createChannel} onClick={() => add(category())} /></Show>
                  </div>
                )}
              </Show>
              <For each={section.channels}>
                {(c) => <Show when={!section.category || !collapsed().includes(section.category.id) || unreadOf(state, c.id).unread || c.id === currentChannelId()}><ChannelRow channel={c} /></Show>}
              </For>
            </div>
          )}
        </For>
        <Show when={manages()}><button type="button" class="channel-row ghost" onClick={() => add(null)}><Icon name="plus" size={16} /><span>{t.createChannel}</span></button></Show>
      </nav>
    </>
  );
}

function ChannelRow(props: { channel: Channel }) {
  const c = () => props.channel;
  const unread = createMemo(() => unreadOf(state, c().id));
  const muted = () => isMuted(state, c());
  const active = () => currentChannelId() === c().id;
  const isPrivateChannel = () => c().permission_overwrites?.some((o) => o.id === c().guild_id && (BigInt(o.deny) & 1024n) !== 0n) ?? false;
  return (
    <a class="channel-row" classList={{ active: active(), unread: unread().unread && !muted(), muted: muted() }} aria-current={active() ? 'page' : undefined}
      href={pathOf({ name: 'channel', guildId: c().guild_id!, channelId: c().id })} onClick={(e) => { if (e.ctrlKey || e.metaKey) return; e.preventDefault(); go({ name: 'channel', guildId: c().guild_id!, channelId: c().id }); }}
      onContextMenu={(e) => openMenu(e, channelMenu(c()))}>
      <Icon name={c().type === 2 ? 'speaker' : c().type === 5 ? 'bell' : isPrivateChannel() ? 'lock' : 'hash'} size={17} />
      <span dir="auto">{c().name}</span>
      <Show when={hasDraft(c().id) && !active()}><Icon name="edit" size={13} /></Show>
      <Show when={unread().unread}><span class="sr">{t.unread}</span></Show>
      <Badge count={unread().mentions} />
    </a>
  );
}
