export const en = { today: 'Today', yesterday: 'Yesterday' };export type Messages = typeof en;
