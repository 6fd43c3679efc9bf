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

  // A form with data-confirm asks first, in words that say what will happen.
  document.addEventListener('submit', event => {
    const by = event.submitter;
    const question = by && by.dataset.confirm || event.target.dataset.confirm;
    if (!question || event.target.dataset.confirmed) return;
    event.preventDefault();
    const dialog = document.createElement('dialog');
    const inside = document.createElement('div');
    inside.className = 'inside';
    const text = document.createElement('p');
    text.textContent = question.replace('{n}', checkedIn(event.target).length);
    const ends = document.createElement('div');
    ends.className = 'ends';
    const yes = document.createElement('button');
    yes.className = 'button danger';
    yes.textContent = by && by.textContent.trim() || 'Yes';
    const no = document.createElement('button');
    no.className = 'button plain';
    no.textContent = 'Keep as it is';
    ends.append(yes, no);
    inside.append(text, ends);
    dialog.append(inside);
    document.body.append(dialog);
    no.addEventListener('click', () => dialog.close());
    yes.addEventListener('click', () => {
      event.target.dataset.confirmed = 'yes';
      event.target.requestSubmit(by || undefined);
    });
    dialog.addEventListener('close', () => dialog.remove());
    dialog.showModal();
    no.focus();
  });

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

  // Ctrl-K: go anywhere.
  document.addEventListener('keydown', event => {
    if (event.key !== 'k' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (document.querySelector('dialog.palette')) return;
    const dialog = document.createElement('dialog');
    dialog.className = 'palette';
    dialog.setAttribute('aria-label', 'Go to');
    const input = document.createElement('input');
    input.type = 'search';
    input.placeholder = 'Go to …';
    input.setAttribute('aria-label', 'Go to');
    const list = document.createElement('ul');
    const places = [...document.querySelectorAll('.side nav a, main a[href^="/app"]')]
      .filter((a, i, all) => all.findIndex(b => b.href === a.href) === i);
    const show = () => {
      const wanted = input.value.toLowerCase();
      list.replaceChildren(...places.filter(a => a.textContent.toLowerCase().includes(wanted)).slice(0, 12).map(a => {
        const item = document.createElement('li');
        const link = document.createElement('a');
        link.href = a.href;
        link.textContent = a.textContent.trim();
        item.append(link);
        return item;
      }));
    };
    const move = by => {
      const links = [...list.querySelectorAll('a')];
      const at = links.indexOf(document.activeElement) + by;
      if (at < 0) input.focus();
      else if (links[at]) links[at].focus();
    };
    input.addEventListener('input', show);
    dialog.addEventListener('keydown', pressed => {
      if (pressed.key === 'ArrowDown') { pressed.preventDefault(); move(1); }
      if (pressed.key === 'ArrowUp') { pressed.preventDefault(); move(-1); }
      if (pressed.key === 'Enter' && document.activeElement === input) list.querySelector('a')?.click();
    });
    dialog.addEventListener('close', () => dialog.remove());
    dialog.append(input, list);
    document.body.append(dialog);
    show();
    dialog.showModal();
  });
})();
