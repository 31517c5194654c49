/** What the user chooses a model with, in one script: the menu in the header, and the list of all models that it opens. */
import '../model-list.ts';
import './model-picker.ts';
