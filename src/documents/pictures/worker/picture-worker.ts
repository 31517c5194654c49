import { serveCalls } from '../../../platform/worker-rpc.ts';
import { withDocumentErrors } from '../../document-error.ts';
import type { PictureMethods } from '../picture-methods.ts';
import { checkPicture } from './check-picture.ts';
import { scalePicture } from './scale-picture.ts';

serveCalls<PictureMethods>({
  prepare: (file) =>
    withDocumentErrors(undefined, async () => {
      const format = await checkPicture(file);
      return scalePicture(file, format);
    }),
});
