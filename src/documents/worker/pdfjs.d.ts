/** pdf.js in its build for older browsers, whose types are those of the other build. */
declare module 'pdfjs-dist/legacy/build/pdf.worker.mjs' {}
