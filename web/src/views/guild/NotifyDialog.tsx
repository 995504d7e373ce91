import { state } from '../../app/client';
import { updateGuildSettings } from '../../app/actions';
import { t } from '../../i18n';
import { Choice, Toggle } from '../ui/Field';
import { Dialog, toastError } from '../ui/Overlay';

export default function NotifyDialog(props: { guildId: string; close: () => void }) {
  const s = () => state.guildSettings[props.guildId];
  const set = (change: Parameters<typeof updateGuildSettings>[1]): void => void updateGuildSettings(props.guildId, change).catch(toastError);
  const level = () => String(s()?.message_notifications ?? state.guilds[props.guildId]?.defaultNotifications ?? 0) as '0' | '1' | '2';
  return (
    <Dialog title={t.notifications} onClose={props.close} size="small">
      <div class="stack">
        <Toggle label={t.mute} hint={t.muteHint} value={s()?.muted ?? false} onChange={(muted) => set({ muted })} />
        <Choice label={t.notifyAbout} value={level()} options={[['0', t.allMessages], ['1', t.onlyMentions], ['2', t.nothing]] as const} onChange={(v) => set({ message_notifications: Number(v) })} />
        <Toggle label={t.suppressEveryone} value={s()?.suppress_everyone ?? false} onChange={(v) => set({ suppress_everyone: v })} />
        <Toggle label={t.suppressRoles} value={s()?.suppress_roles ?? false} onChange={(v) => set({ suppress_roles: v })} />
      </div>
    </Dialog>
  );
}
