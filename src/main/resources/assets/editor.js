// The editor of campaigns: saves by itself, shows code as code, speaks with the builder. Without it
// every page is a form.
(() => {
  'use strict';

  const form = document.querySelector('form[data-autosave="true"]');
  const said = document.querySelector('[data-saved]');
  const content = document.querySelector('textarea[name="content"]');
  const say = (text, kind) => {
    if (!said) return;
    said.textContent = text;
    said.className = 'saved ' + (kind || '');
  };

  // Code
  const field = content && content.closest('.field');
  const format = field && field.dataset.code;
  let code = null;
  let marked = null;
  if (format && window.CodeMirror && content) {
    CodeMirror.defineMode('mail', (config, options) => CodeMirror.overlayMode(
      CodeMirror.getMode(config, {html: 'htmlmixed', mjml: 'xml', markdown: 'markdown'}[options.format]),
      {
        token(stream) {
          if (stream.match(/^\{\{.*?\}\}/) || stream.match(/^\{%.*?%\}/)) return 'liquid';
          while (stream.next() && !stream.match(/^\{[{%]/, false)) { /* on to the next */ }
          return null;
        }
      }));
    code = CodeMirror.fromTextArea(content, {
      mode: {name: 'mail', format},
      lineNumbers: true,
      lineWrapping: true,
      readOnly: content.readOnly,
      screenReaderLabel: document.querySelector('label[for="content"]').textContent,
      // Tab goes on, as everywhere: who has no mouse must get out again.
      extraKeys: {
        Tab: false,
        'Shift-Tab': false,
        'Ctrl-]': 'indentMore',
        'Ctrl-[': 'indentLess',
        'Ctrl-F': 'findPersistent',
        'Cmd-F': 'findPersistent'
      }
    });
    code.on('change', () => {
      code.save();
      content.dispatchEvent(new Event('input', {bubbles: true}));
    });
    const query = new URLSearchParams(location.search);
    const line = Number(query.get('line'));
    if (line > 0) {
      const column = Math.max(0, Number(query.get('column')) - 1);
      code.focus();
      code.setCursor(line - 1, column);
      code.scrollIntoView({line: line - 1, ch: column}, 120);
      marked = code.addLineClass(line - 1, 'background', 'line-here');
    }
  }

  // Places of findings and errors are shown where they are.
  const problem = document.querySelector('[data-problem]');
  const markError = answer => {
    if (problem) {
      problem.hidden = !answer;
      problem.textContent = answer ? answer.error : '';
    }
    if (!code) return;
    if (marked) code.removeLineClass(marked, 'background');
    marked = null;
    if (!answer || !answer.line || ['text', 'subject'].includes(answer.part)) return;
    if (answer.line <= code.lineCount()) {
      marked = code.addLineClass(answer.line - 1, 'background', 'line-wrong');
    }
  };
  if (code) {
    const told = document.querySelector('.problem[role="alert"]:not([data-problem])');
    const place = told && told.textContent.match(/line (\d+), column (\d+)/);
    if (place && Number(place[1]) <= code.lineCount()) {
      marked = code.addLineClass(Number(place[1]) - 1, 'background', 'line-wrong');
      code.scrollIntoView({line: Number(place[1]) - 1, ch: 0}, 120);
    }
  }

  const refreshLook = () => {
    const look = document.getElementById('look');
    if (look && look.dataset.lookHref && window.htmx) {
      htmx.ajax('GET', look.dataset.lookHref, {target: '#look', swap: 'outerHTML'});
    }
  };

  // Saving
  let version = 0;
  let savedVersion = 0;
  let busy = false;
  let stale = false;
  let timer;
  let leaving = false;
  const unsaved = () => version !== savedVersion;
  const later = delay => {
    clearTimeout(timer);
    timer = setTimeout(save, delay);
  };

  async function save() {
    if (!form || busy || stale || leaving || !unsaved()) return;
    busy = true;
    const mine = version;
    say('Saving …');
    try {
      const answer = await fetch(form.action, {
        method: 'POST',
        headers: {'X-Autosave': 'true'},
        body: new URLSearchParams(new FormData(form)),
        redirect: 'error'
      });
      if (!(answer.headers.get('Content-Type') || '').startsWith('application/json')) {
        throw new Error(answer.status === 403 ? 'reload the page, your session has ended' : 'the server cannot save at the moment');
      }
      const told = await answer.json();
      if (answer.ok) {
        form.elements.version.value = told.version;
        savedVersion = mine;
        say('Saved ' + new Date().toLocaleTimeString('en-GB'), 'good');
        markError(null);
        refreshLook();
      } else if (answer.status === 409) {
        stale = true;
        say('Not saved', 'bad');
        tellStale(told);
      } else {
        say('Not saved: ' + told.error, 'bad');
        markError(told);
        savedVersion = mine - 1;
      }
    } catch (e) {
      const why = e instanceof TypeError ? 'the server cannot be reached' : e.message;
      say('Not saved: ' + why + '. Trying again …', 'bad');
      later(5000);
    } finally {
      busy = false;
      if (unsaved() && version !== mine) later(700);
    }
  }

  const tellStale = told => {
    const notice = document.createElement('div');
    notice.className = 'problem stale';
    notice.setAttribute('role', 'alert');
    const text = document.createElement('p');
    text.textContent = told.error + '. Nothing of what you typed here is lost.';
    const ends = document.createElement('div');
    ends.className = 'ends';
    const button = (name, kind, does) => {
      const made = document.createElement('button');
      made.type = 'button';
      made.className = kind;
      made.textContent = name;
      made.addEventListener('click', does);
      ends.append(made);
    };
    button('Keep mine and replace theirs', 'button', () => {
      form.elements.version.value = told.version;
      stale = false;
      notice.remove();
      version++;
      save();
    });
    button('Load theirs', 'button plain', () => {
      leaving = true;
      location.reload();
    });
    notice.append(text, ends);
    form.prepend(notice);
    notice.scrollIntoView({block: 'nearest'});
  };

  if (form) {
    form.addEventListener('input', () => {
      version++;
      say('Not saved yet');
      later(900);
    });
    form.addEventListener('change', () => later(300));
    // What is still being saved is waited for, or it would look like somebody else's.
    form.addEventListener('submit', event => {
      if (busy) {
        event.preventDefault();
        const by = event.submitter;
        setTimeout(() => form.requestSubmit(by), 150);
        return;
      }
      if (builder && !flushed) {
        event.preventDefault();
        const by = event.submitter;
        flush(() => {
          flushed = true;
          form.requestSubmit(by);
          flushed = false;
        });
        return;
      }
      clearTimeout(timer);
      leaving = true;
    });
    addEventListener('beforeunload', event => {
      if (leaving || !unsaved()) return;
      event.preventDefault();
    });
    addEventListener('pageshow', () => { leaving = false; });
  }

  // The builder: a frame in a frame, from which only messages of this shape are taken.
  const frame = document.querySelector('[data-builder]');
  let builder = null;
  let flushed = false;
  let afterFlush = null;
  const material = () => ({
    fields: [...document.querySelectorAll('[data-material] [data-field]')].map(item => [item.dataset.field, item.textContent]),
    blocks: [...document.querySelectorAll('[data-material] [data-block]')].map(item => item.dataset.block)
  });
  const flush = then => {
    afterFlush = then;
    builder.postMessage({kind: 'flush'}, '*');
  };
  if (frame && content) {
    frame.hidden = false;
    field.hidden = true;
    addEventListener('message', event => {
      const inner = frame.contentWindow && frame.contentWindow.frames[0];
      if (!inner || event.source !== inner || event.origin !== 'null') return;
      const told = event.data;
      if (!told || typeof told !== 'object') return;
      if (told.kind === 'ready') {
        builder = inner;
        builder.postMessage({kind: 'open', html: content.value, reads: !form, ...material()}, '*');
      } else if (told.kind === 'changed' && typeof told.html === 'string') {
        if (form && told.html !== content.value) {
          content.value = told.html;
          content.dispatchEvent(new Event('input', {bubbles: true}));
        }
        if (afterFlush) {
          const then = afterFlush;
          afterFlush = null;
          then();
        }
      }
    });
  }

  // The time zone of whoever looks, where they have not chosen one.
  const zoned = document.querySelector('form[data-zone="true"]');
  if (zoned) {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone && zoned.elements.zone && [...zoned.elements.zone.options].some(option => option.value === zone)) {
      zoned.elements.zone.value = zone;
    }
  }
})();
