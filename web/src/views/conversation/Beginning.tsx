import { Show } from 'solid-js';
import { state } from '../../app/client';
import { channelName } from '../../app/people';
import { isPrivate } from '../../store/state';
import { t } from '../../i18n';
import { ChannelAvatar } from '../ui/Avatar';
import { Icon } from '../ui/Icon';

/** What stands above the first message. */
export function Beginning(props: { channelId: string }) {
  const channel = () => state.channels[props.channelId];
  return (
    <Show when={channel()}>
      {(c) => (
        <div class="beginning">
          <Show when={isPrivate(c())} fallback={<span class="beginning-mark"><Icon name="hash" size={30} /></span>}><ChannelAvatar channel={c()} size={72} /></Show>
          <h2 dir="auto">{isPrivate(c()) ? channelName(c()) : t.beginningOf(c().name ?? '')}</h2>
          <p class="faint">{c().type === 1 ? t.beginningDm(channelName(c())) : c().type === 3 ? t.beginningGroup : t.beginningChannel}</p>
        </div>
      )}
    </Show>
  );
}
