import { icons, type IconName } from './icons';

export function Icon(props: { name: IconName; size?: number }) {
  return (
    <svg class="icon" width={props.size ?? 18} height={props.size ?? 18} viewBox="0 0 24 24" fill="none" stroke="currentColor"
      stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" innerHTML={icons[props.name]} />
  );
}

export function IconButton(props: {
  icon: IconName; label: string; onClick: (e: MouseEvent & { currentTarget: HTMLButtonElement }) => void; pressed?: boolean; size?: number; class?: string; disabled?: boolean;
}) {
  return (
    <button type="button" class={`icon-button ${props.class ?? ''}`} aria-label={props.label} data-tip={props.label} aria-pressed={props.pressed}
      disabled={props.disabled} onClick={(e) => props.onClick(e)}>
      <Icon name={props.icon} size={props.size ?? 18} />
    </button>
  );
}
