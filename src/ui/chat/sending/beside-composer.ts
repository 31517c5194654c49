/** What is shown beside the composer now and then, in one file: the package has one for each part that is loaded by itself. */
import '../compare/compare-chip.ts';
import '../tools/tools-chip.ts';
import './context-meter.ts';
import './persona-chip.ts';
import './persona-offer.ts';
import './project-chip.ts';
import './queued-messages.ts';
