import arrowDown from 'lucide-static/icons/arrow-down.svg?raw';
import check from 'lucide-static/icons/check.svg?raw';
import chevronLeft from 'lucide-static/icons/chevron-left.svg?raw';
import chevronRight from 'lucide-static/icons/chevron-right.svg?raw';
import circleAlert from 'lucide-static/icons/circle-alert.svg?raw';
import circleCheck from 'lucide-static/icons/circle-check.svg?raw';
import copy from 'lucide-static/icons/copy.svg?raw';
import download from 'lucide-static/icons/download.svg?raw';
import hardDrive from 'lucide-static/icons/hard-drive.svg?raw';
import info from 'lucide-static/icons/info.svg?raw';
import keyboard from 'lucide-static/icons/keyboard.svg?raw';
import library from 'lucide-static/icons/library.svg?raw';
import panel from 'lucide-static/icons/panel-left.svg?raw';
import pause from 'lucide-static/icons/pause.svg?raw';
import pencil from 'lucide-static/icons/pencil.svg?raw';
import rotate from 'lucide-static/icons/rotate-ccw.svg?raw';
import search from 'lucide-static/icons/search.svg?raw';
import settings from 'lucide-static/icons/settings.svg?raw';
import newChat from 'lucide-static/icons/square-pen.svg?raw';
import trash from 'lucide-static/icons/trash-2.svg?raw';
import alert from 'lucide-static/icons/triangle-alert.svg?raw';
import tool from 'lucide-static/icons/wrench.svg?raw';
import { addIcons } from './icon.ts';

/** Icons of the chat view and of the app; icon.ts has those that an element on another page shows before it is used. */
addIcons({
  alert,
  'arrow-down': arrowDown,
  check,
  'chevron-left': chevronLeft,
  'chevron-right': chevronRight,
  'circle-alert': circleAlert,
  'circle-check': circleCheck,
  copy,
  download,
  'hard-drive': hardDrive,
  info,
  keyboard,
  library,
  'new-chat': newChat,
  panel,
  pause,
  pencil,
  rotate,
  search,
  settings,
  tool,
  trash,
});
