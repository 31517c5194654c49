/** The elements that render an answer. They load with the first answer, because typing a message needs none of them. */
import './long-text.ts';
import './markdown-view.ts';
import './reasoning-view.ts';
