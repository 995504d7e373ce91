import { For, Show } from 'solid-js';
import type { Embed } from '../../wire/types';
import { stamp } from '../../text/format';
import { Content } from './Content';

const web = (url: string | undefined): string | undefined => (url && /^https?:\/\//i.test(url) ? url : undefined);
/** Pictures come through the server, so that a sender does not learn who reads. */
const picture = (m: { url?: string; proxy_url?: string } | undefined): string | undefined => m?.proxy_url ?? web(m?.url);
const hide = (e: Event): void => { (e.currentTarget as HTMLElement).hidden = true; };

export function Embeds(props: { items: Embed[]; guildId: string | null }) {
  return <For each={props.items}>{(e) => <Card embed={e} guildId={props.guildId} />}</For>;
}

function Card(props: { embed: Embed; guildId: string | null }) {
  const e = () => props.embed;
  return (
    <div class="embed" style={e().color ? { '--edge': `#${e().color!.toString(16).padStart(6, '0')}` } : {}}>
      <div class="embed-text">
        <Show when={e().provider?.name}><p class="embed-provider">{e().provider!.name}</p></Show>
        <Show when={e().author}>{(a) => <p class="embed-author"><Show when={web(a().url)} fallback={a().name}><a href={web(a().url)} target="_blank" rel="noopener noreferrer nofollow">{a().name}</a></Show></p>}</Show>
        <Show when={e().title}><p class="embed-title" dir="auto"><Show when={web(e().url)} fallback={e().title}><a href={web(e().url)} target="_blank" rel="noopener noreferrer nofollow">{e().title}</a></Show></p></Show>
        <Show when={e().description}><Content text={e().description!} guildId={props.guildId} /></Show>
        <Show when={e().fields?.length}>
          <dl class="embed-fields"><For each={e().fields}>{(f) => <div classList={{ inline: f.inline ?? false }}><dt>{f.name}</dt><dd><Content text={f.value} guildId={props.guildId} /></dd></div>}</For></dl>
        </Show>
        <Show when={e().footer ?? e().timestamp}><p class="embed-foot">{[e().footer?.text, e().timestamp ? stamp(e().timestamp!) : ''].filter(Boolean).join(' · ')}</p></Show>
      </div>
      <Show when={picture(e().thumbnail) && !e().image}><img class="embed-thumb" src={picture(e().thumbnail)} alt="" loading="lazy" width="72" height="72" onError={hide} /></Show>
      <Show when={picture(e().image)}><img class="embed-image" src={picture(e().image)} alt="" loading="lazy" width={e().image?.width} height={e().image?.height} onError={hide} /></Show>
    </div>
  );
}
