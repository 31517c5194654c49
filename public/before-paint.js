// What has to be known before the first paint, so that nothing wrong flashes by.
try {
  // The theme. The keys and values are those of src/ui/settings.ts.
  const { theme, textSize } = JSON.parse(localStorage.getItem('alcove-settings') || '{}');
  document.documentElement.dataset.theme = theme || 'system';
  document.documentElement.dataset.textSize = textSize || 'normal';
  // Somebody who has a model, by src/storage/known-models.ts, goes straight to the chat.
  if (JSON.parse(localStorage.getItem('alcove-stored-models') || '[]').length > 0) {
    document.documentElement.dataset.returning = '';
  }
} catch {
  // No storage: the system's theme it is.
}
