/** What is drawn of tools, in one script: a page without tools loads none of it. */
import './tool-call-view.ts';
import './tools-panel.ts';
