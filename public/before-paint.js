// What has to be known, or begun, before anything else: whom the page may ask, and what would flash by wrongly before the first paint.

// The policy for connections: the site's hosts, and those that the reader has allowed (src/session/models/allowed-hosts.ts).
{
  const sources = [document.querySelector('meta[name="alcove-connect"]')?.content ?? "'self'"];
  try {
    const { huggingFaceUrl = '', allowed = [] } = JSON.parse(localStorage.getItem('alcove-hosts') || '{}');
    // Nothing but origins and schemes, so that what is stored cannot write another directive.
    for (const host of [huggingFaceUrl, ...allowed]) if (/^https?:(\/\/[\w.:[\]-]+)?$/.test(host)) sources.push(host);
  } catch {
    // No storage, or something else in it: the site's hosts it is.
  }
  const policy = document.createElement('meta');
  policy.httpEquiv = 'Content-Security-Policy';
  policy.content = `connect-src ${sources.join(' ')}`;
  document.head.append(policy);
}

{
  const { dataset } = document.documentElement;
  let settings = {};
  try {
    settings = JSON.parse(localStorage.getItem('alcove-settings')) ?? {};
    // Somebody who has a model, by src/storage/weights/stored-model-ids.ts, goes straight to the chat.
    if (JSON.parse(localStorage.getItem('alcove-stored-models') || '[]').length > 0) dataset.returning = '';
  } catch {
    // No storage: the system's theme and language it is.
  }
  // The keys and values are those of src/ui/settings/appearance-settings.ts.
  dataset.theme = settings.theme || 'system';
  dataset.contrast = settings.contrast || 'system';
  dataset.singleKeys = settings.singleKeys || 'on';
  dataset.readAloud = settings.readAloud || 'off';
  dataset.dictation = settings.dictation || 'off';
  dataset.textSize = settings.textSize || 'normal';
  // The language as src/ui/lib/locale.ts finds it; its words come with the app.
  const tags = [settings.language, ...navigator.languages].join().toLowerCase();
  const language = /(?<![^,])(?:en|de|fr|es|pt|zh|ja|ar)(?![^-,])/.exec(tags)?.[0] ?? 'en';
  document.documentElement.lang = language === 'zh' ? 'zh-Hans' : language;
  document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr';
}

// The first number that is formatted makes the browser read its table of languages, 30 ms of a fast processor, once for all
// of its threads: not of the one that answers the reader.
new Worker('read-languages.js');
