/** A static site, in `out`. The package needs no setting. */
export default { output: 'export' };
