import { batch, createSignal, Show } from 'solid-js';
import { apply } from '../../store/apply';
import { rest, state } from '../../app/client';
import { ApiError } from '../../wire/rest';
import type { User } from '../../wire/types';
import { t } from '../../i18n';
import { Avatar, avatarUrl } from '../ui/Avatar';
import { Field } from '../ui/Field';
import { ImagePick } from '../ui/ImagePick';
import { toast, toastError } from '../ui/Overlay';

export function Profile() {
  const me = state.me!;
  const [name, setName] = createSignal(me.global_name ?? '');
  const [bio, setBio] = createSignal(me.bio ?? '');
  const [avatar, setAvatar] = createSignal<string | null | undefined>(undefined);
  const [errors, setErrors] = createSignal<Record<string, string>>({});
  const save = async (): Promise<void> => {
    try {
      const user = await rest.patch<User>('/users/@me', { global_name: name().trim() || null, bio: bio(), ...(avatar() !== undefined ? { avatar: avatar() } : {}) });
      batch(() => apply(state, 'USER_UPDATE', user));
      setAvatar(undefined);
      setErrors({});
      toast(t.saved);
    } catch (error) {
      if (error instanceof ApiError) setErrors(error.fields);
      toastError(error);
    }
  };
  return (
    <div class="stack limited">
      <div class="row-fields"><ImagePick round label={t.picture} value={avatar() ?? null} current={avatar() === undefined && me.avatar ? avatarUrl(me) : null} onChange={setAvatar} />
        <Show when={me.avatar || avatar()}><button type="button" class="button quiet" onClick={() => setAvatar(null)}>{t.removePicture}</button></Show></div>
      <Field label={t.displayName} value={name()} onInput={setName} maxLength={32} placeholder={me.username} error={errors().global_name} />
      <Field label={t.about} value={bio()} onInput={setBio} multiline maxLength={190} error={errors().bio} />
      <button type="button" class="button primary" onClick={() => void save()}>{t.save}</button>
      <h2 class="form-head">{t.preview}</h2>
      <div class="profile-preview"><Show when={avatar()} fallback={<Avatar user={me} size={48} status />}>{(src) => <img src={src()} alt="" width="48" height="48" />}</Show><div><b dir="auto">{name() || me.username}</b><p class="faint" dir="auto">{bio() || me.username}</p></div></div>
    </div>
  );
}
