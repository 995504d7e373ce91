import { createUniqueId, Show, type JSX } from 'solid-js';

export function Field(props: {
  label: string; value: string; onInput: (v: string) => void; type?: string; error?: string | undefined; hint?: string; autocomplete?: string; maxLength?: number;
  required?: boolean; autofocus?: boolean; placeholder?: string; multiline?: boolean; inputmode?: 'numeric' | 'text' | 'email';
}) {
  const id = createUniqueId();
  const common = (): JSX.InputHTMLAttributes<HTMLInputElement> => ({
    id, value: props.value, required: props.required ?? false, autofocus: props.autofocus ?? false, placeholder: props.placeholder ?? '',
    'aria-invalid': props.error ? true : undefined, 'aria-describedby': props.error || props.hint ? `${id}-note` : undefined,
    ...(props.maxLength ? { maxLength: props.maxLength } : {}),
  });
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <Show when={props.multiline} fallback={
        <input {...common()} type={props.type ?? 'text'} autocomplete={(props.autocomplete ?? 'off') as 'off'} inputmode={props.inputmode} onInput={(e) => props.onInput(e.currentTarget.value)} />
      }>
        <textarea {...(common() as JSX.TextareaHTMLAttributes<HTMLTextAreaElement>)} rows={3} onInput={(e) => props.onInput(e.currentTarget.value)} />
      </Show>
      <Show when={props.error ?? props.hint}>
        {(note) => <p id={`${id}-note`} class={props.error ? 'field-error' : 'field-hint'}>{note()}</p>}
      </Show>
    </div>
  );
}

export function Toggle(props: { label: string; hint?: string; value: boolean; onChange: (v: boolean) => void; disabled?: boolean }) {
  const id = createUniqueId();
  return (
    <div class="toggle-row">
      <div>
        <label for={id}>{props.label}</label>
        <Show when={props.hint}><p class="field-hint">{props.hint}</p></Show>
      </div>
      <input id={id} type="checkbox" role="switch" class="switch" checked={props.value} disabled={props.disabled ?? false} onChange={(e) => props.onChange(e.currentTarget.checked)} />
    </div>
  );
}

export function Choice<T extends string>(props: { label: string; value: T; options: readonly (readonly [T, string])[]; onChange: (v: T) => void }) {
  const name = createUniqueId();
  return (
    <fieldset class="choice">
      <legend>{props.label}</legend>
      <div class="choice-options">
        {props.options.map(([value, label]) => (
          <label>
            <input type="radio" name={name} checked={props.value === value} onChange={() => props.onChange(value)} />
            <span>{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
