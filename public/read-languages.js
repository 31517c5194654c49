// See before-paint.js.
new Intl.NumberFormat();
close();
