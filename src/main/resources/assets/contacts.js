// Comforts of the pages about contacts; each works without.
(() => {
  'use strict';

  // A file may be dropped on its field, which says what was chosen.
  document.querySelectorAll('.drop').forEach(drop => {
    const input = drop.querySelector('input[type="file"]');
    const said = drop.querySelector('[data-file-name]');
    const size = bytes => bytes < 1e6 ? Math.ceil(bytes / 1e3) + ' kB' : (bytes / 1e6).toFixed(1) + ' MB';
    const say = () => {
      const file = input.files[0];
      said.textContent = file ? file.name + ' (' + size(file.size) + ')' : 'Choose a file, or drop it here';
    };
    input.addEventListener('change', say);
    ['dragover', 'dragenter'].forEach(name => drop.addEventListener(name, event => {
      event.preventDefault();
      drop.classList.add('over');
    }));
    ['dragleave', 'drop'].forEach(name => drop.addEventListener(name, () => drop.classList.remove('over')));
    drop.addEventListener('drop', event => {
      event.preventDefault();
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      say();
    });
  });

  // The rows are replaced while somebody filters: what stands outside of them is kept in step.
  // With nobody selected there is nothing to do to them.
  const keepInStep = form => {
    const picked = form.querySelector('input[name="scope"][value="picked"]');
    if (!picked) return;
    const nobody = picked.checked && !form.querySelector('input[name="pick"]:checked');
    form.querySelectorAll('.bulk button').forEach(button => { button.disabled = nobody; });
  };
  const keepAllInStep = () => document.querySelectorAll('.contact-list').forEach(keepInStep);
  document.addEventListener('change', event => {
    const form = event.target.closest('.contact-list');
    if (!form) return;
    if (event.target.matches('input[name="pick"], [data-all]')) {
      form.querySelector('input[name="scope"][value="picked"]').checked = true;
    }
    keepInStep(form);
  });
  document.addEventListener('htmx:afterSettle', keepAllInStep);
  window.addEventListener('pageshow', keepAllInStep);
})();
