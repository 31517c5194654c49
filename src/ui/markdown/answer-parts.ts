/** All that an answer is shown with: fetched with the first answer, because typing needs none of it. */
import './long-text.ts';
import './markdown-view.ts';
import './reasoning-view.ts';
