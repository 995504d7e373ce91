declare module 'virtual:emoji/en' {
  const data: [emoji: string, group: number, names: string, label: string, tags: string][];
  export default data;
}
declare module 'virtual:emoji/de' {
  const data: Record<string, [label: string, tags: string]>;
  export default data;
}
