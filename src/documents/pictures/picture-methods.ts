export interface PreparedPicture {
  /** PNG or JPEG, without metadata. */
  readonly picture: Blob;
  /** As it is shown, pixels. */
  readonly width: number;
  readonly height: number;
}

export interface PictureMethods {
  /** @throws AlcoveError `picture-*`, `document-empty`, `document-broken`, `document-changed` */
  readonly prepare: { readonly input: Blob; readonly output: PreparedPicture };
}
