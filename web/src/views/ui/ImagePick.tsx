import { Show } from 'solid-js';
import { t } from '../../i18n';
import { Icon } from './Icon';
import { toast } from './Overlay';

/** The side (px) that a picture is brought to before it is sent. */
const side = 256;

/** A square picture as a data URL, cropped to its middle here, so that a photo of 10 MB is never sent. */
export function ImagePick(props: { label: string; value: string | null; current?: string | null; round?: boolean; onChange: (dataUrl: string) => void }) {
  let input!: HTMLInputElement;
  const load = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    try {
      const bitmap = await createImageBitmap(file);
      const least = Math.min(bitmap.width, bitmap.height);
      const canvas = Object.assign(document.createElement('canvas'), { width: side, height: side });
      canvas.getContext('2d')!.drawImage(bitmap, (bitmap.width - least) / 2, (bitmap.height - least) / 2, least, least, 0, 0, side, side);
      props.onChange(canvas.toDataURL('image/png'));
    } catch {
      toast(t.notAPicture, 'error');
    }
  };
  return (
    <div class="image-pick" classList={{ round: props.round ?? false }}>
      <button type="button" aria-label={props.label} onClick={() => input.click()}>
        <Show when={props.value ?? props.current} fallback={<Icon name="plus" size={22} />}>{(src) => <img src={src()} alt="" />}</Show>
      </button>
      <span>{props.label}</span>
      <input ref={input} type="file" accept="image/*" hidden onChange={(e) => void load(e.currentTarget.files?.[0])} />
    </div>
  );
}
