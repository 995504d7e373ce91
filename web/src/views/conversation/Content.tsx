import { createEffect, createMemo, createResource, createSignal, For, Match, onCleanup, Show, Suspense, Switch } from 'solid-js';
import { parse, isJumbo, type Block, type Inline } from '../../text/markdown';
import { discordTime, fullDate } from '../../text/format';
import { state } from '../../app/client';
import { channelName, nameIn, roleColour, user } from '../../app/people';
import { go } from '../../app/router';
import { t } from '../../i18n';
import { CustomEmoji } from '../ui/CustomEmoji';
import { Icon } from '../ui/Icon';
import { openProfile } from '../people/profile';

interface Place { guildId: string | null | undefined }

/** A message's text. Text nodes only: what people write is never markup. */
export function Content(props: { text: string; guildId: string | null | undefined; edited?: string | null }) {
  const tree = createMemo(() => parse(props.text));
  return (
    <div class="content" classList={{ jumbo: isJumbo(props.text) }} dir="auto">
      <Blocks nodes={tree()} guildId={props.guildId} />
      <Show when={props.edited}>{(at) => <span class="edited" title={fullDate(at())}>{t.edited}</span>}</Show>
    </div>
  );
}

function Blocks(props: { nodes: Block[] } & Place) {
  return (
    <For each={props.nodes}>
      {(b) => {
        switch (b.k) {
          case 'fence': return <Fence lang={b.lang} code={b.v} />;
          case 'quote': return <blockquote><Blocks nodes={b.c} guildId={props.guildId} /></blockquote>;
          case 'heading': return <p class={`md-heading h${b.level}`} role="heading" aria-level={b.level + 2}><Inlines nodes={b.c} guildId={props.guildId} /></p>;
          case 'small': return <p class="md-small"><Inlines nodes={b.c} guildId={props.guildId} /></p>;
          case 'list': return <List block={b} guildId={props.guildId} />;
          default: return <p dir="auto"><Inlines nodes={b.c} guildId={props.guildId} /></p>;
        }
      }}
    </For>
  );
}

function List(props: { block: Extract<Block, { k: 'list' }> } & Place) {
  const rows = () => <For each={props.block.items}>{(item) => <li style={{ '--depth': item.depth }}><Inlines nodes={item.c} guildId={props.guildId} /></li>}</For>;
  return <Show when={props.block.ordered} fallback={<ul>{rows()}</ul>}><ol start={props.block.start}>{rows()}</ol></Show>;
}

function Inlines(props: { nodes: Inline[] } & Place) {
  return (
    <For each={props.nodes}>
      {(n) => {
        switch (n.k) {
          case 'text': return <>{n.v}</>;
          case 'bold': return <strong><Inlines nodes={n.c} guildId={props.guildId} /></strong>;
          case 'italic': return <em><Inlines nodes={n.c} guildId={props.guildId} /></em>;
          case 'underline': return <u><Inlines nodes={n.c} guildId={props.guildId} /></u>;
          case 'strike': return <s><Inlines nodes={n.c} guildId={props.guildId} /></s>;
          case 'spoiler': return <Spoiler nodes={n.c} guildId={props.guildId} />;
          case 'code': return <code>{n.v}</code>;
          case 'link': return <Link href={n.href} nodes={n.c} guildId={props.guildId} />;
          case 'user': return <UserMention id={n.id} guildId={props.guildId} />;
          case 'role': return <RoleMention id={n.id} guildId={props.guildId} />;
          case 'channel': return <ChannelMention id={n.id} />;
          case 'everyone': return <span class="mention everyone">{n.v}</span>;
          case 'emoji': return <CustomEmoji id={n.id} name={n.name} animated={n.animated} />;
          case 'time': return <time class="md-time" title={fullDate(n.at)}>{discordTime(n.at, n.style)}</time>;
        }
      }}
    </For>
  );
}

function Spoiler(props: { nodes: Inline[] } & Place) {
  const [open, setOpen] = createSignal(false);
  return (
    <span class="spoiler" classList={{ open: open() }} role="button" tabindex={open() ? undefined : 0} aria-label={open() ? undefined : t.spoiler}
      onClick={() => setOpen(true)} onKeyDown={(e) => e.key === 'Enter' && setOpen(true)}>
      <span aria-hidden={!open()}><Inlines nodes={props.nodes} guildId={props.guildId} /></span>
    </span>
  );
}

/** A link to a message or channel here opens in place. */
function Link(props: { href: string; nodes: Inline[] } & Place) {
  const inside = (): RegExpExecArray | null => {
    const url = new URL(props.href);
    return url.origin === location.origin ? /^\/channels\/(@me|\d+)\/(\d+)(?:\/(\d+))?$/.exec(url.pathname) : null;
  };
  const target = inside();
  const open = (e: MouseEvent): void => {
    if (!target) return;
    e.preventDefault();
    go({ name: 'channel', guildId: target[1] === '@me' ? null : target[1]!, channelId: target[2]!, ...(target[3] ? { messageId: target[3] } : {}) });
  };
  return (
    <a href={props.href} target={target ? undefined : '_blank'} rel="noopener noreferrer nofollow" onClick={open}>
      <Show when={target && state.channels[target[2]!]} fallback={<Inlines nodes={props.nodes} guildId={props.guildId} />}>
        {(channel) => <span class="mention">#{channelName(channel())}{target?.[3] ? ' › ✉' : ''}</span>}
      </Show>
    </a>
  );
}

function UserMention(props: { id: string } & Place) {
  return (
    <button type="button" class="mention" classList={{ me: props.id === state.me?.id }} onClick={(e) => openProfile(props.id, props.guildId ?? null, e)}>
      @{nameIn(props.guildId, user(props.id))}
    </button>
  );
}

function RoleMention(props: { id: string } & Place) {
  const role = () => (props.guildId ? state.guilds[props.guildId]?.roles[props.id] : undefined);
  return <span class="mention" style={{ '--role': role() ? roleColour(role()!) : undefined }}>@{role()?.name ?? t.deletedRole}</span>;
}

function ChannelMention(props: { id: string }) {
  const channel = () => state.channels[props.id];
  return (
    <button type="button" class="mention" disabled={!channel()} onClick={() => go({ name: 'channel', guildId: channel()?.guild_id ?? null, channelId: props.id })}>
      #{channelName(channel())}
    </button>
  );
}

/** Colours come in a chunk of their own, when a first fence with a language is on screen. */
function Fence(props: { lang: string; code: string }) {
  const [copied, setCopied] = createSignal(false);
  const [html] = createResource(() => (props.lang ? { lang: props.lang, code: props.code } : null), async (source) => {
    const { highlight } = await import('../../text/highlight');
    return highlight(source.code, source.lang);
  });
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(props.code);
    setCopied(true);
  };
  createEffect(() => {
    if (!copied()) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    onCleanup(() => clearTimeout(timer));
  });
  return (
    <div class="fence" dir="ltr">
      <header><span>{props.lang || t.plainCode}</span>
        <button type="button" aria-label={t.copy} onClick={() => void copy()}><Icon name={copied() ? 'check' : 'copy'} size={14} /></button>
      </header>
      <Suspense fallback={<pre tabindex="0"><code>{props.code}</code></pre>}>
        <Switch fallback={<pre tabindex="0"><code>{props.code}</code></pre>}>
          {/* highlight.js escapes what it is given; its output holds spans with classes and nothing else. */}
          <Match when={html.state === 'ready' && html()}>{(h) => <pre tabindex="0"><code innerHTML={h()} /></pre>}</Match>
        </Switch>
      </Suspense>
    </div>
  );
}
