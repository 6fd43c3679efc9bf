// Small comforts; every page works without them.
(() => {
  'use strict';

  // A toast goes after a while, unless somebody reads it with the mouse on it.
  document.querySelectorAll('.toast').forEach(toast => {
    setTimeout(function leave() {
      if (toast.matches(':hover')) setTimeout(leave, 2000);
      else toast.remove();
    }, 6000);
  });

  // A form with data-confirm asks first, in words that say what will happen, and one with data-agree
  // where nothing is lost. Without scripts the server asks, on a page of its own.
  document.addEventListener('submit', event => {
    const by = event.submitter;
    const form = event.target;
    const loss = by && by.dataset.confirm || form.dataset.confirm;
    const question = loss || by && by.dataset.agree || form.dataset.agree;
    if (!question || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const dialog = document.createElement('dialog');
    const text = document.createElement('p');
    text.className = 'question';
    text.id = 'question';
    text.textContent = question.replace('{n}', checkedIn(form).length);
    const yes = button(by && (by.dataset.action || by.textContent.trim()) || 'Yes', loss ? 'button danger' : 'button');
    const no = button(form.dataset.stay || 'Cancel', 'button plain');
    const ends = document.createElement('div');
    ends.className = 'ends';
    ends.append(yes, no);
    const inside = document.createElement('div');
    inside.className = 'inside';
    inside.append(text, ends);
    dialog.setAttribute('aria-labelledby', 'question');
    dialog.append(inside);
    document.body.append(dialog);
    no.addEventListener('click', () => dialog.close());
    yes.addEventListener('click', () => {
      dialog.close();
      const confirmed = document.createElement('input');
      confirmed.type = 'hidden';
      confirmed.name = 'confirmed';
      confirmed.value = 'yes';
      // What the page has replaced meanwhile can be sent still.
      if (!form.isConnected) {
        form.hidden = true;
        document.body.append(form);
      }
      form.append(confirmed);
      form.dataset.confirmed = 'yes';
      form.requestSubmit(by || undefined);
      confirmed.remove();
      delete form.dataset.confirmed;
    });
    dialog.addEventListener('close', () => dialog.remove());
    dialog.showModal();
    no.focus();
  }, true);

  const button = (text, kind) => {
    const made = document.createElement('button');
    made.type = 'button';
    made.className = kind;
    made.textContent = text;
    return made;
  };

  const checkedIn = form => form.querySelectorAll('input[name="pick"]:checked');

  // Select all, and how many are selected.
  document.addEventListener('change', event => {
    const form = event.target.form;
    if (!form) return;
    if (event.target.matches('[data-all]')) {
      form.querySelectorAll('input[name="pick"]').forEach(box => { box.checked = event.target.checked; });
    }
    const said = form.querySelector('[data-selected]');
    if (said) {
      const n = checkedIn(form).length;
      said.textContent = n ? n + ' selected' : '';
    }
  });

  document.addEventListener('click', event => {
    const copied = event.target.closest('[data-copy]');
    if (!copied) return;
    navigator.clipboard.writeText(document.getElementById(copied.dataset.copy).textContent.trim());
    copied.textContent = 'Copied';
  });

  // Ctrl-K: find anything, go anywhere. What is found comes from the page behind the search.
  const openPalette = () => {
    if (document.querySelector('dialog.palette')) return;
    const dialog = document.createElement('dialog');
    dialog.className = 'palette';
    dialog.setAttribute('aria-label', 'Search');
    const input = document.createElement('input');
    input.type = 'search';
    input.placeholder = 'A page, a campaign, an address …';
    input.setAttribute('aria-label', 'Search');
    input.setAttribute('role', 'combobox');
    input.setAttribute('aria-expanded', 'true');
    input.setAttribute('aria-controls', 'palette-places');
    input.setAttribute('autocomplete', 'off');
    const list = document.createElement('div');
    list.id = 'palette-places';
    dialog.append(input, list);
    document.body.append(dialog);

    let asked = 0;
    let waiting;
    const links = () => [...list.querySelectorAll('a')];
    const select = at => {
      links().forEach((link, i) => {
        link.setAttribute('aria-selected', i === at);
        if (i !== at) return;
        link.scrollIntoView({block: 'nearest'});
        input.setAttribute('aria-activedescendant', link.id);
      });
    };
    const selected = () => links().findIndex(link => link.getAttribute('aria-selected') === 'true');
    const ask = async () => {
      const mine = ++asked;
      const answer = await fetch('/app/search?q=' + encodeURIComponent(input.value), {headers: {'HX-Request': 'true'}});
      if (mine !== asked || !answer.ok) return;
      list.innerHTML = await answer.text();
      list.querySelector('ul').setAttribute('role', 'listbox');
      list.querySelector('ul').setAttribute('aria-label', 'Found');
      list.querySelectorAll('li').forEach(item => item.setAttribute('role', 'presentation'));
      links().forEach((link, i) => {
        link.id = 'place-' + i;
        link.setAttribute('role', 'option');
        link.tabIndex = -1;
      });
      select(0);
    };
    input.addEventListener('input', () => {
      clearTimeout(waiting);
      waiting = setTimeout(ask, 120);
    });
    dialog.addEventListener('keydown', pressed => {
      const step = {ArrowDown: 1, ArrowUp: -1}[pressed.key];
      if (step) {
        pressed.preventDefault();
        select(Math.max(0, Math.min(links().length - 1, selected() + step)));
      }
      if (pressed.key === 'Enter') {
        pressed.preventDefault();
        links()[selected()]?.click();
      }
    });
    dialog.addEventListener('click', event => { if (event.target === dialog) dialog.close(); });
    dialog.addEventListener('close', () => dialog.remove());
    dialog.showModal();
    ask();
  };
  document.addEventListener('keydown', event => {
    if (event.key !== 'k' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    openPalette();
  });
  document.querySelectorAll('[data-palette]').forEach(link => {
    link.addEventListener('click', event => {
      event.preventDefault();
      openPalette();
    });
  });

  // The fields that a trial found wrong are marked where they stand.
  document.addEventListener('htmx:afterSwap', event => {
    if (event.target.id !== 'trial') return;
    const wrong = (event.target.querySelector('[data-wrong]')?.dataset.wrong || '').split(' ');
    for (const field of event.target.closest('form').elements) {
      if (wrong.includes(field.name)) field.setAttribute('aria-invalid', 'true');
      else field.removeAttribute('aria-invalid');
    }
    document.getElementById(wrong[0])?.focus();
  });

  // What went wrong while a part of the page was fetched is said, and not kept silent.
  const say = text => {
    document.querySelectorAll('.toast').forEach(old => old.remove());
    const toast = document.createElement('div');
    toast.className = 'toast';
    toast.setAttribute('role', 'alert');
    const words = document.createElement('p');
    words.textContent = text;
    toast.append(words);
    document.body.append(toast);
  };
  document.addEventListener('htmx:sendError', () => say('The server cannot be reached. Trying again.'));
  document.addEventListener('htmx:responseError', event => {
    if (event.detail.xhr.status >= 500) say('The server could not answer. Reload the page to see how things are.');
  });
  document.addEventListener('htmx:afterOnLoad', () => {
    document.querySelectorAll('.toast[role="alert"]').forEach(toast => toast.remove());
  });
})();
