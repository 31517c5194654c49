/** What shows attached files, in one file: the package has one for each part that is loaded by itself. */
import './attach-files.ts';
import './message-files.ts';
