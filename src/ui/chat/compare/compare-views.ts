/** What comparing models takes, in one script: the package has one for each part that is loaded by itself. */
import './compare-panel.ts';
import './compared-answers.ts';
