// Passkeys: only a script can ask the device for one.
(() => {
  'use strict';

  if (!window.PublicKeyCredential) return;

  const octets = text => Uint8Array.from(
    atob(text.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0));
  const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

  // Where JSON has base64url, browsers want octets, and the other way round.
  const asked = options => {
    const wanted = options.publicKey;
    wanted.challenge = octets(wanted.challenge);
    if (wanted.user) wanted.user.id = octets(wanted.user.id);
    for (const list of ['excludeCredentials', 'allowCredentials']) {
      (wanted[list] || []).forEach(each => { each.id = octets(each.id); });
    }
    return { publicKey: wanted };
  };
  const answered = credential => {
    const response = {};
    for (const part of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
      if (credential.response[part]) response[part] = text(credential.response[part]);
    }
    if (credential.response.getTransports) response.transports = credential.response.getTransports();
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response,
      clientExtensionResults: credential.getClientExtensionResults(),
    };
  };

  document.querySelectorAll('form[data-passkey]').forEach(form => {
    form.hidden = false;
    const said = form.querySelector('[data-said]');
    const button = form.querySelector('button[type="submit"]');

    const at = (name, error) => {
      const field = form.elements[name];
      const old = document.getElementById(name + '-error');
      if (old) old.remove();
      field.toggleAttribute('aria-invalid', false);
      if (!error) return;
      const line = document.createElement('p');
      line.className = 'error';
      line.id = name + '-error';
      line.textContent = error;
      field.setAttribute('aria-invalid', 'true');
      field.setAttribute('aria-describedby', line.id);
      field.after(line);
      field.focus();
    };

    form.addEventListener('submit', async event => {
      event.preventDefault();
      said.textContent = '';
      button.disabled = true;
      try {
        const answer = await fetch(form.dataset.options, {
          method: 'POST', body: new URLSearchParams(new FormData(form)), credentials: 'same-origin',
        });
        if (answer.status === 422) {
          Object.entries(await answer.json()).reverse().forEach(([name, error]) => at(name, error));
          return;
        }
        if (!answer.ok) throw new Error('status ' + answer.status);
        const options = asked(await answer.json());
        const credential = form.dataset.passkey === 'create'
          ? await navigator.credentials.create(options)
          : await navigator.credentials.get(options);
        form.elements.credential.value = JSON.stringify(answered(credential));
        if (form.elements.current) form.elements.current.value = '';
        form.submit();
      } catch (e) {
        said.textContent = e.name === 'InvalidStateError'
          ? 'This device has a passkey for this account already.'
          : e.name === 'NotAllowedError'
            ? 'Your device has not given a passkey: it was cancelled, or took too long. Please try again.'
            : 'That did not work. Please try again in a moment.';
      } finally {
        button.disabled = false;
      }
    });
  });
})();
