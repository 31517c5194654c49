/** What is drawn of documents, in one script: a chat without documents loads none of it. */
import './reading-panel.ts';
import './what-was-read.ts';
