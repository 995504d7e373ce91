import { createMemo, createSignal, For, Show } from 'solid-js';
import { rest, state } from '../../app/client';
import { openDm } from '../../app/actions';
import { isOnline, lastSeen, nameOf, user } from '../../app/people';
import { ApiError } from '../../wire/rest';
import { RelationshipType } from '../../wire/types';
import { t } from '../../i18n';
import { Avatar } from '../ui/Avatar';
import { Icon, IconButton } from '../ui/Icon';
import { openMenu, toast, toastError } from '../ui/Overlay';
import { openDrawer } from '../shell/drawer';
import { Badge } from '../shell/Rail';
import { openProfile, personMenu } from './profile';

type Tab = 'online' | 'all' | 'pending' | 'blocked';

export function FriendsPage() {
  const [tab, setTab] = createSignal<Tab>('all');
  const [name, setName] = createSignal('');
  const [error, setError] = createSignal('');
  const of = (...types: number[]) => Object.values(state.relationships).filter((r) => types.includes(r.type));
  const shown = createMemo(() => {
    const list = tab() === 'pending' ? of(RelationshipType.incoming, RelationshipType.outgoing) : tab() === 'blocked' ? of(RelationshipType.blocked) : of(RelationshipType.friend).filter((r) => tab() === 'all' || isOnline(r.id));
    return list.sort((a, b) => Number(isOnline(b.id)) - Number(isOnline(a.id)) || nameOf(user(a.id)).localeCompare(nameOf(user(b.id))));
  });
  const add = async (e: Event): Promise<void> => {
    e.preventDefault();
    const wanted = name().trim().replace(/^@/, '');
    if (!wanted) return;
    try {
      await rest.post('/users/@me/relationships', { username: wanted });
      setName('');
      setError('');
      toast(t.requestSent(wanted));
    } catch (failure) {
      setError(failure instanceof ApiError ? failure.message : t.somethingWrong);
    }
  };
  const act = (work: Promise<unknown>): void => void work.catch(toastError);
  const pending = () => of(RelationshipType.incoming).length;
  return (
    <section class="page" aria-label={t.friends}>
      <header class="conversation-head"><IconButton class="only-narrow" icon="menu" label={t.openNavigation} onClick={() => openDrawer('left')} /><span class="head-mark"><Icon name="users" size={20} /></span><div class="head-text"><h1>{t.friends}</h1></div></header>
      <div class="page-body narrow">
        <form class="add-friend" onSubmit={(e) => void add(e)}>
          <label for="add-friend">{t.addFriend}</label>
          <div><input id="add-friend" class="input" value={name()} placeholder={t.userName} autocomplete="off" autocapitalize="none" aria-invalid={error() ? true : undefined} onInput={(e) => { setName(e.currentTarget.value); setError(''); }} />
            <button type="submit" class="button primary" disabled={!name().trim()}>{t.sendRequest}</button></div>
          <Show when={error()}><p class="field-error" role="alert">{error()}</p></Show>
        </form>
        <div class="tabs" role="tablist">
          <For each={['all', 'online', 'pending', 'blocked'] as const}>
            {(name) => <button type="button" role="tab" aria-selected={tab() === name} onClick={() => setTab(name)}>{t.friendTabs[name]}<Show when={name === 'pending'}><Badge count={pending()} /></Show></button>}
          </For>
        </div>
        <ul class="people-list roomy">
          <For each={shown()} fallback={<li class="state-note"><Icon name="users" size={28} /><p class="faint">{t.friendsEmpty[tab()]}</p></li>}>
            {(r) => (
              <li>
                <button type="button" class="plain person" onClick={(e) => openProfile(r.id, null, e)}><Avatar user={user(r.id)} size={40} status />
                  <span class="grow"><b dir="auto">{nameOf(user(r.id))}</b><small>{r.type === RelationshipType.incoming ? t.incoming : r.type === RelationshipType.outgoing ? t.outgoing : r.type === RelationshipType.blocked ? t.blocked : lastSeen(r.id)}</small></span></button>
                <Show when={r.type === RelationshipType.incoming}><IconButton icon="check" label={t.accept} onClick={() => act(rest.put(`/users/@me/relationships/${r.id}`, {}))} /></Show>
                <Show when={r.type === RelationshipType.incoming || r.type === RelationshipType.outgoing}><IconButton icon="x" label={r.type === RelationshipType.incoming ? t.decline : t.cancel} onClick={() => act(rest.delete(`/users/@me/relationships/${r.id}`))} /></Show>
                <Show when={r.type === RelationshipType.friend}><IconButton icon="message" label={t.message} onClick={() => act(openDm(r.id))} /></Show>
                <IconButton icon="more" label={t.more} onClick={(e) => openMenu(e, personMenu(r.id, null, () => undefined))} />
              </li>
            )}
          </For>
        </ul>
      </div>
    </section>
  );
}
