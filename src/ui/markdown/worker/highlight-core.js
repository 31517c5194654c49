// JavaScript, so that its types are those beside it: the library's own bring the page's DOM into the worker.
export { default } from 'highlight.js/lib/core';
