import aMSRegular from 'katex/dist/fonts/KaTeX_AMS-Regular.woff2?file';
import caligraphicBold from 'katex/dist/fonts/KaTeX_Caligraphic-Bold.woff2?file';
import caligraphicRegular from 'katex/dist/fonts/KaTeX_Caligraphic-Regular.woff2?file';
import frakturBold from 'katex/dist/fonts/KaTeX_Fraktur-Bold.woff2?file';
import frakturRegular from 'katex/dist/fonts/KaTeX_Fraktur-Regular.woff2?file';
import mainBold from 'katex/dist/fonts/KaTeX_Main-Bold.woff2?file';
import mainBoldItalic from 'katex/dist/fonts/KaTeX_Main-BoldItalic.woff2?file';
import mainItalic from 'katex/dist/fonts/KaTeX_Main-Italic.woff2?file';
import mainRegular from 'katex/dist/fonts/KaTeX_Main-Regular.woff2?file';
import mathBoldItalic from 'katex/dist/fonts/KaTeX_Math-BoldItalic.woff2?file';
import mathItalic from 'katex/dist/fonts/KaTeX_Math-Italic.woff2?file';
import sansSerifBold from 'katex/dist/fonts/KaTeX_SansSerif-Bold.woff2?file';
import sansSerifItalic from 'katex/dist/fonts/KaTeX_SansSerif-Italic.woff2?file';
import sansSerifRegular from 'katex/dist/fonts/KaTeX_SansSerif-Regular.woff2?file';
import scriptRegular from 'katex/dist/fonts/KaTeX_Script-Regular.woff2?file';
import size1Regular from 'katex/dist/fonts/KaTeX_Size1-Regular.woff2?file';
import size2Regular from 'katex/dist/fonts/KaTeX_Size2-Regular.woff2?file';
import size3Regular from 'katex/dist/fonts/KaTeX_Size3-Regular.woff2?file';
import size4Regular from 'katex/dist/fonts/KaTeX_Size4-Regular.woff2?file';
import typewriterRegular from 'katex/dist/fonts/KaTeX_Typewriter-Regular.woff2?file';
import type { BuiltFile } from '../../../platform/built-file.ts';

/** KaTeX's fonts, by their file names without `KaTeX_`. */
export const KATEX_FONTS: Readonly<Record<string, BuiltFile>> = {
  'AMS-Regular': aMSRegular,
  'Caligraphic-Bold': caligraphicBold,
  'Caligraphic-Regular': caligraphicRegular,
  'Fraktur-Bold': frakturBold,
  'Fraktur-Regular': frakturRegular,
  'Main-Bold': mainBold,
  'Main-BoldItalic': mainBoldItalic,
  'Main-Italic': mainItalic,
  'Main-Regular': mainRegular,
  'Math-BoldItalic': mathBoldItalic,
  'Math-Italic': mathItalic,
  'SansSerif-Bold': sansSerifBold,
  'SansSerif-Italic': sansSerifItalic,
  'SansSerif-Regular': sansSerifRegular,
  'Script-Regular': scriptRegular,
  'Size1-Regular': size1Regular,
  'Size2-Regular': size2Regular,
  'Size3-Regular': size3Regular,
  'Size4-Regular': size4Regular,
  'Typewriter-Regular': typewriterRegular,
};
