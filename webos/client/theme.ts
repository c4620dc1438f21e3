/** Light, dark, or what the system says, which is undefined. */
export function nextTheme(theme: string | undefined): string | undefined {
  if (theme === undefined) return 'dark';
  return theme === 'dark' ? 'light' : undefined;
}
