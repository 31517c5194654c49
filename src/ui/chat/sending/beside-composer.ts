/** What is shown beside the composer now and then, in one file: the package has one for each part that is loaded by itself. */
import '../persona-chip.ts';
import './queued-messages.ts';
