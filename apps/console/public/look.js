// Theme and density before the first paint (features/shell/look.ts writes them).
try {
  const [theme, density] = (localStorage.getItem('qv-look') ?? '').split(' ');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  if (density === 'compact') document.documentElement.dataset.density = density;
} catch {
  // A browser that keeps nothing for us shows what its system prefers.
}
