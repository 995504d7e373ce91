/** Two leaves of one stem: kith, those one knows. */
export function Logo(props: { size: number }) {
  return (
    <svg class="logo" width={props.size} height={props.size} viewBox="0 0 32 32" aria-hidden="true">
      <path class="logo-a" d="M15 27C6.5 26 3 20.5 3 12.5 3 10 3.4 7.600 4 6c7 .6 11 5 11 12z" />
      <path class="logo-b" d="M17 27V16.500C17 9.500 21.500 5.600 28.200 5c.5 1.500.8 3.500.8 5.500C29 19.500 25.500 26 17 27z" />
    </svg>
  );
}
