// Runs before everything else: sets the appearance, so that the first paint is right.

{
  const { dataset } = document.documentElement;
  let settings = {};
  try {
    settings = JSON.parse(localStorage.getItem('alcove-settings')) ?? {};
    // A user with a stored model (src/storage/weights/stored-model-ids.ts) starts in the chat.
    if (JSON.parse(localStorage.getItem('alcove-stored-models') || '[]').length > 0) dataset.returning = '';
  } catch {
    // No storage: the system's theme and language.
  }
  // The keys and values are those of src/ui/settings/appearance-settings.ts.
  dataset.theme = settings.theme || 'system';
  dataset.contrast = settings.contrast || 'system';
  dataset.singleKeys = settings.singleKeys || 'on';
  dataset.enterKey = settings.enterKey || 'auto';
  dataset.readAloud = settings.readAloud || 'off';
  dataset.dictation = settings.dictation || 'off';
  dataset.textSize = settings.textSize || 'normal';
  // The same choice of language as src/ui/lib/locale.ts; the app loads its texts.
  const tags = [settings.language, ...navigator.languages].join().toLowerCase();
  const language = /(?<![^,])(?:en|de|fr|es|pt|zh|ja|ar)(?![^-,])/.exec(tags)?.[0] ?? 'en';
  document.documentElement.lang = language === 'zh' ? 'zh-Hans' : language;
  document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr';
}

// The first use of Intl makes the browser load its locale data: 30 ms on a fast processor, once for all threads. A worker
// does it, so that the page's own thread stays free.
try {
  new Worker('read-languages.js');
} catch {
  // A frame without an origin of its own may start none from an address: then the page loads it when it first formats.
}
