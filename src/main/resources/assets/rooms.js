// Shows code as code, in the format that is chosen. Without it there is a plain field.
(() => {
  'use strict';

  if (!window.CodeMirror) return;
  const modes = {html: 'htmlmixed', mjml: 'xml', markdown: 'markdown'};
  CodeMirror.defineMode('mail', (config, options) => CodeMirror.overlayMode(
    CodeMirror.getMode(config, modes[options.format]),
    {
      token(stream) {
        if (stream.match(/^\{\{.*?\}\}/) || stream.match(/^\{%.*?%\}/)) return 'liquid';
        while (stream.next() && !stream.match(/^\{[{%]/, false)) { /* on to the next */ }
        return null;
      }
    }));

  document.querySelectorAll('textarea[data-code]').forEach(area => {
    const choice = area.form.querySelector('[name="format"]');
    const mode = () => ({name: 'mail', format: modes[choice && choice.value] ? choice.value : area.dataset.code});
    const code = CodeMirror.fromTextArea(area, {
      mode: mode(),
      lineNumbers: true,
      lineWrapping: true,
      readOnly: area.readOnly,
      screenReaderLabel: document.querySelector('label[for="' + area.id + '"]').textContent,
      // Tab goes on, as everywhere: who has no mouse must get out again.
      extraKeys: {Tab: false, 'Shift-Tab': false, 'Ctrl-]': 'indentMore', 'Ctrl-[': 'indentLess', 'Ctrl-F': 'findPersistent', 'Cmd-F': 'findPersistent'}
    });
    code.on('change', () => code.save());
    if (choice) choice.addEventListener('change', () => code.setOption('mode', mode()));
    const error = document.getElementById(area.getAttribute('aria-describedby'));
    const place = error && error.matches('.error') && error.textContent.match(/line (\d+)/);
    if (place && Number(place[1]) <= code.lineCount()) {
      code.addLineClass(Number(place[1]) - 1, 'background', 'line-wrong');
      code.scrollIntoView({line: Number(place[1]) - 1, ch: 0}, 120);
    }
  });
})();
