import archive from 'lucide-static/icons/archive.svg?raw';
import unarchive from 'lucide-static/icons/archive-restore.svg?raw';
import source from 'lucide-static/icons/code-xml.svg?raw';
import more from 'lucide-static/icons/ellipsis.svg?raw';
import formatted from 'lucide-static/icons/file-type.svg?raw';
import branch from 'lucide-static/icons/git-branch.svg?raw';
import pin from 'lucide-static/icons/pin.svg?raw';
import unpin from 'lucide-static/icons/pin-off.svg?raw';
import search from 'lucide-static/icons/search.svg?raw';
import fork from 'lucide-static/icons/split.svg?raw';
import tag from 'lucide-static/icons/tag.svg?raw';
import { addIcons } from './icon.ts';

/** Icons of the conversation and of the chat list. */
addIcons({ archive, unarchive, more, formatted, source, branch, pin, unpin, search, fork, tag });
