// The builder runs in a document of its own that has no origin: nothing in it, a stranger's template
// included, can reach the session or the pages around. It is a data: address, as a sandbox without
// an origin would not let the builder into its own canvas.
(() => {
  'use strict';
  const {theme, base, style, grapes, script} = document.body.dataset;
  const at = path => location.origin + path;
  const escaped = text => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;');
  const frame = document.createElement('iframe');
  frame.title = 'Builder';
  frame.setAttribute('sandbox', 'allow-scripts allow-same-origin');
  frame.src = 'data:text/html;charset=utf-8,' + encodeURIComponent(
    '<!doctype html><html lang="en"' + (theme ? ' data-theme="' + escaped(theme) + '"' : '') + '><head><meta charset="utf-8"><title>Builder</title>'
    + '<link rel="stylesheet" href="' + escaped(at(base)) + '"><link rel="stylesheet" href="' + escaped(at(style)) + '">'
    + '<script src="' + escaped(at(grapes)) + '" defer></' + 'script><script src="' + escaped(at(script)) + '" defer></' + 'script>'
    + '</head><body></body></html>');
  document.body.append(frame);
})();
