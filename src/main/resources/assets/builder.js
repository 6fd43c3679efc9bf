// The builder, in its own document. It gets a message as HTML and gives it back as HTML; all that it
// knows stands in the classes of that HTML.
(() => {
  'use strict';

  const top = window.top;
  const tell = message => top.postMessage(message, '*');
  let opened = null;

  addEventListener('message', event => {
    if (event.source !== top || !event.data || typeof event.data !== 'object') return;
    if (event.data.kind === 'open' && !opened && typeof event.data.html === 'string') open(event.data);
    if (event.data.kind === 'flush' && opened) opened.flush();
  });

  const make = (tag, properties, ...children) => {
    const made = document.createElement(tag);
    Object.entries(properties || {}).forEach(([name, value]) => {
      if (name in made && name !== 'list') made[name] = value;
      else made.setAttribute(name, value);
    });
    made.append(...children);
    return made;
  };

  const icon = path => '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="' + path + '"/></svg>';
  const text = (words, style) => '<div class="ds-text" style="margin: 0 0 16px; font-size: 16px; line-height: 1.6; color: #3b4453; text-align: left' + (style || '') + '">' + words + '</div>';
  const section = widths => '<table class="ds-section' + (widths.length > 1 ? ' ds-stack' : '') + '" role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tbody><tr>'
    + widths.map(width => '<td class="ds-column" valign="top"' + (widths.length > 1 ? ' width="' + width + '%"' : '') + ' style="padding: 16px ' + (widths.length > 1 ? '16px' : '32px') + '">' + text('Write here.') + '</td>').join('')
    + '</tr></tbody></table>';

  const BLOCKS = [
    ['Text', 'M4 6h16M4 11h16M4 16h10', text('Write here.')],
    ['Heading', 'M6 5v14M18 5v14M6 12h12', '<h2 class="ds-heading" style="margin: 0 0 12px; font-size: 24px; line-height: 1.25; color: #1d2430; text-align: left">A heading</h2>'],
    ['Picture', 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4', '<div class="ds-picture" style="margin: 0 0 16px; text-align: center"><img class="ds-image" alt="" style="width: 100%; max-width: 100%; height: auto; border: 0"></div>'],
    ['Button', 'M4 8h16v8H4zM8 12h8', '<table class="ds-button" role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin: 0 0 16px"><tbody><tr><td align="left"><table role="presentation" cellpadding="0" cellspacing="0" border="0"><tbody><tr><td style="border-radius: 6px; background: #2b59d9"><a class="ds-button-link" href="https://example.org/" style="display: inline-block; padding: 12px 24px; color: #ffffff; font-size: 16px; font-weight: bold; text-decoration: none">Read more</a></td></tr></tbody></table></td></tr></tbody></table>'],
    ['Divider', 'M4 12h16', '<hr class="ds-divider" style="margin: 8px 0 16px; border: 0; border-top: 1px solid #d9dde4">'],
    ['Spacer', 'M12 4v16M8 8l4-4 4 4M8 16l4 4 4-4', '<div class="ds-spacer" style="height: 24px; line-height: 24px; font-size: 1px">&nbsp;</div>'],
    ['Social links', 'M7 12a2.500 2.500 0 1 0 0-.1M17 6a2.500 2.500 0 1 0 0-.1M17 18a2.500 2.500 0 1 0 0-.1M9 11l6-4M9 13l6 4', text('<a href="https://example.org/1">Facebook</a> · <a href="https://example.org/2">Instagram</a> · <a href="https://example.org/3">LinkedIn</a>', '; text-align: center').replace('text-align: left; ', '')],
    ['Footer', 'M4 5h16v14H4zM4 15h16', '<div class="ds-footer" style="font-size: 12px; line-height: 1.6; color: #5b6472; text-align: center">You get this because you subscribed to {{ audience.name }}.<br>{{ audience.postal_address }}<br><a href="{{ unsubscribe_url }}" style="color: #5b6472">Unsubscribe</a> · <a href="{{ view_url }}" style="color: #5b6472">View in browser</a></div>'],
    ['1 column', 'M5 5h14v14H5z', section([100])],
    ['2 columns', 'M4 5h7v14H4zM13 5h7v14h-7z', section([50, 50])],
    ['3 columns', 'M3 5h5v14H3zM9.500 5h5v14h-5zM16 5h5v14h-5z', section([33, 33, 33])]
  ];

  function open({html, fields, blocks, reads}) {
    const outer = new DOMParser().parseFromString(html, 'text/html');
    outer.querySelectorAll('script, iframe, object, embed, base, meta[http-equiv]').forEach(node => node.remove());
    outer.querySelectorAll('*').forEach(node => [...node.attributes].forEach(attribute => {
      if (/^on/i.test(attribute.name) || /^\s*javascript:/i.test(attribute.value)) node.removeAttribute(attribute.name);
    }));
    const sheet = outer.querySelector('.ds-sheet');
    const page = outer.querySelector('.ds-page');
    if (!sheet || !page) return;

    // The frame of the tool
    const blockList = make('div', {className: 'blocks'});
    const settings = make('div', {className: 'settings'});
    const canvas = make('div', {id: 'canvas'});
    const tool = (name, path, does) => {
      const button = make('button', {type: 'button', className: 'tool', title: name, innerHTML: icon(path)});
      button.setAttribute('aria-label', name);
      button.addEventListener('click', does);
      return button;
    };
    const desktop = tool('Desktop', 'M3 5h18v11H3zM9 20h6M12 16v4', () => device('Desktop'));
    const phone = tool('Phone', 'M8 3h8v18H8zM11 18h2', () => device('Phone'));
    const bar = make('div', {className: 'bar'},
      tool('Undo', 'M9 7 4 12l5 5M4 12h10a6 6 0 0 1 6 6', () => editor.UndoManager.undo()),
      tool('Redo', 'm15 7 5 5-5 5M20 12H10a6 6 0 0 0-6 6', () => editor.UndoManager.redo()),
      make('span', {className: 'gap'}), desktop, phone);
    const side = make('aside', {className: 'panel'}, make('section', {}, make('h2', {textContent: 'Blocks'}), make('p', {className: 'quiet', textContent: 'Drag one in, or press it to add it.'}), blockList), make('section', {}, make('h2', {textContent: 'Settings'}), settings));
    side.setAttribute('aria-label', 'Blocks and settings');
    document.body.append(make('h1', {className: 'hidden', textContent: 'Builder'}), make('main', {className: 'stage'}, bar, canvas), side);

    const rte = {
      actions: ['bold', 'italic', 'underline', {
        name: 'link',
        icon: icon('M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.700-5.700L12 7M14 10a4 4 0 0 0-6-.4l-3 3A4 4 0 0 0 10.700 18.300L12 17'),
        attributes: {title: 'Link'},
        result: area => area.insertHTML('<a href="https://">' + (area.selection() + '' || 'a link') + '</a>')
      }, {
        name: 'field',
        icon: '<select aria-label="Insert a contact field"><option value="">Field …</option></select>',
        event: 'change',
        attributes: {title: 'Insert a contact field'},
        result: (area, action) => {
          const chosen = action.btn.firstChild;
          if (chosen.value) area.insertHTML('{{ ' + chosen.value + ' }}');
          chosen.value = '';
        },
        update: (area, action) => {
          const choice = action.btn.firstChild;
          if (choice.options.length === 1) fields.forEach(([tag, label]) => choice.add(new Option(label, tag)));
        }
      }]
    };

    const editor = grapesjs.init({
      container: canvas,
      height: '100%',
      width: 'auto',
      storageManager: false,
      noticeOnUnload: false,
      showDevices: false,
      cssIcons: '',
      panels: {defaults: []},
      protectedCss: '',
      avoidInlineStyle: false,
      forceClass: false,
      assetManager: {upload: false},
      richTextEditor: rte,
      deviceManager: {devices: [{name: 'Desktop', width: ''}, {name: 'Phone', width: '375px'}]},
      blockManager: {appendTo: blockList},
      plugins: [types]
    });

    function device(name) {
      editor.setDevice(name);
      desktop.setAttribute('aria-pressed', name === 'Desktop');
      phone.setAttribute('aria-pressed', name === 'Phone');
    }

    const add = piece => {
      const selected = editor.getSelected();
      const isSection = /class="ds-section/.test(piece);
      const wrapper = editor.getWrapper();
      const up = (component, type) => component && (component.get('type') === type ? component : up(component.parent(), type));
      let made;
      if (isSection) {
        const here = up(selected, 'ds-section');
        const sections = wrapper.components();
        made = sections.add(piece, {at: here ? here.index() + 1 : Math.max(0, sections.length - 1)});
      } else {
        let column = up(selected, 'ds-column');
        let at;
        if (column && selected !== column) {
          let inside = selected;
          while (inside.parent() !== column) inside = inside.parent();
          at = inside.index() + 1;
        }
        if (!column) {
          // Before the footer, which is the last.
          const found = wrapper.find('.ds-column');
          column = found[Math.max(0, found.length - 2)];
        }
        if (!column) return;
        made = column.components().add(piece, at === undefined ? {} : {at});
      }
      made = Array.isArray(made) ? made[0] : made;
      editor.select(made);
      if (made.view && made.view.el.scrollIntoView) made.view.el.scrollIntoView({block: 'center'});
    };

    [...BLOCKS, ...blocks.map(name => ['Block: ' + name, 'M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8', '<div class="ds-block">{% render "' + name + '" %}</div>'])].forEach(([name, path, piece], i) => {
      editor.BlockManager.add('b' + i, {label: icon(path) + '<span></span>', content: piece, attributes: {title: name}});
    });
    const pieces = [...BLOCKS.map(block => [block[0], block[2]]), ...blocks.map(name => ['Block: ' + name, '<div class="ds-block">{% render "' + name + '" %}</div>'])];

    // GrapesJS would put styles into a sheet of its own; a mail needs them where they are.
    const inline = (component, attributes) => {
      const style = component.styleToString();
      return style ? {...attributes, style} : attributes;
    };
    const exported = () => {
      const holder = document.createElement('template');
      holder.innerHTML = editor.getWrapper().components().map(component => component.toHTML({attributes: inline})).join('');
      const root = holder.content;
      // What is being typed at the moment is not in the model yet.
      const editing = '.ds-text, .ds-heading, .ds-footer, .ds-button-link';
      const shown = editor.Canvas.getBody();
      const live = shown ? [...shown.querySelectorAll(editing)] : [];
      const at = live.findIndex(node => node.isContentEditable && node.getAttribute('contenteditable') === 'true');
      if (at >= 0) {
        const there = [...root.querySelectorAll(editing)][at];
        if (there) {
          there.innerHTML = live[at].innerHTML;
          there.querySelectorAll('*').forEach(clean);
        }
      }
      root.querySelectorAll('*').forEach(node => {
        if (/^i[a-z0-9]{2,5}(-\d+)?$/.test(node.id)) node.removeAttribute('id');
        if (node.tagName === 'IMG' && (node.getAttribute('src') || '').startsWith('data:image/svg')) node.removeAttribute('src');
        if (node.tagName === 'BODY') node.replaceWith(...node.childNodes);
      });
      sheet.innerHTML = '\n' + holder.innerHTML + '\n';
      outer.querySelectorAll('style').forEach(node => { if (!node.textContent.trim()) node.remove(); });
      const all = '<!doctype html>\n' + outer.documentElement.outerHTML + '\n';
      // Liquid is not HTML: what stands in its quotes stays as it is.
      return all.replace(/\{\{.*?\}\}|\{%.*?%\}/gs, liquid => liquid.replace(/&quot;/g, '"').replace(/&#0?39;/g, "'").replace(/&gt;/g, '>').replace(/&lt;/g, '<').replace(/&amp;/g, '&'));
    };
    const clean = node => {
      [...node.attributes].forEach(attribute => {
        if (/^data-(gjs|highlightable)|^(contenteditable|draggable|id)$/.test(attribute.name)) node.removeAttribute(attribute.name);
      });
      [...node.classList].filter(name => name.startsWith('gjs-')).forEach(name => node.classList.remove(name));
      if (!node.classList.length) node.removeAttribute('class');
    };

    let timer;
    let ready = false;
    let last = '';
    const report = () => {
      clearTimeout(timer);
      last = exported();
      tell({kind: 'changed', html: last});
    };
    const changed = () => {
      if (!ready || reads) return;
      clearTimeout(timer);
      timer = setTimeout(() => { if (exported() !== last) report(); }, 250);
    };
    opened = {flush: () => (last && exported() === last ? tell({kind: 'changed', html: last}) : report())};

    // Settings of what is selected
    const colours = value => {
      const all = (value || '').match(/\d+/g);
      if (/^#[0-9a-f]{6}$/i.test(value || '')) return value;
      return all && all.length >= 3 ? '#' + all.slice(0, 3).map(n => Number(n).toString(16).padStart(2, '0')).join('') : '#ffffff';
    };
    const control = (label, input) => make('label', {className: 'control'}, make('span', {textContent: label}), input);
    const styled = (component, name, label, kind, options) => {
      const now = component.getStyle()[name] || '';
      let input;
      if (kind === 'colour') {
        input = make('input', {type: 'color', value: colours(now)});
      } else if (kind === 'choice') {
        input = make('select', {}, ...options.map(([value, name]) => make('option', {value, textContent: name})));
        input.value = now || options[0][0];
      } else {
        input = make('input', {type: 'number', min: options ? options[0] : 0, max: options ? options[1] : 200, value: parseInt(now, 10) || 0});
      }
      input.addEventListener('input', () => {
        if (kind === 'number' && input.value === '') return;
        component.addStyle({[name]: kind === 'number' ? input.value + 'px' : input.value});
      });
      return control(label, input);
    };
    const attributed = (component, name, label, hint) => {
      const input = make('input', {type: 'text', value: component.getAttributes()[name] || '', placeholder: hint || '', spellcheck: false});
      input.addEventListener('input', () => {
        if (/^\s*(javascript|data|vbscript):/i.test(input.value)) return;
        component.addAttributes({[name]: input.value});
        if (name === 'src') component.set('src', input.value);
      });
      return control(label, input);
    };
    const ALIGN = [['left', 'Left'], ['center', 'Centre'], ['right', 'Right']];
    const FONTS = [['Helvetica, Arial, sans-serif', 'Sans serif'], ["Georgia, 'Times New Roman', serif", 'Serif'], ["'Courier New', Courier, monospace", 'Typewriter']];

    const words = component => [
      styled(component, 'color', 'Text colour', 'colour'),
      styled(component, 'font-size', 'Size in pixels', 'number', [10, 72]),
      styled(component, 'text-align', 'Alignment', 'choice', ALIGN),
      styled(component, 'margin-bottom', 'Space below', 'number')
    ];
    const expand = component => {
      const style = {...component.getStyle()};
      const spread = (value, name) => {
        const parts = value.split(/\s+/);
        const [a, b, c, d] = [parts[0], parts[1] || parts[0], parts[2] || parts[0], parts[3] || parts[1] || parts[0]];
        delete style[name];
        Object.assign(style, {[name + '-top']: a, [name + '-right']: b, [name + '-bottom']: c, [name + '-left']: d});
      };
      ['margin', 'padding'].forEach(name => { if (style[name]) spread(style[name], name); });
      return style;
    };
    const outerStyle = (node, name, label, options) => {
      const input = options ? make('select', {}, ...options.map(([value, name]) => make('option', {value, textContent: name}))) : make('input', {type: 'color', value: colours(node.style[name] && getComputed(node.style[name]))});
      if (options) input.value = (options.find(option => option[0].split(',')[0] === node.style[name].split(',')[0].replace(/"/g, "'")) || options[0])[0];
      input.addEventListener('input', () => {
        node.style[name] = input.value;
        if (node === page && name === 'background') outer.body.style.background = input.value;
        paint();
        changed();
      });
      return control(label, input);
    };
    const getComputed = value => value;
    const paint = () => {
      const body = editor.Canvas.getBody();
      if (!body) return;
      const shown = editor.Canvas.getDocument();
      let style = shown.getElementById('paint');
      if (!style) {
        style = shown.createElement('style');
        style.id = 'paint';
        shown.head.append(style);
      }
      const safe = value => value.replace(/[;{}<>]/g, '');
      style.textContent = 'html, body { background: ' + safe(page.style.background || '#ffffff') + ' !important; }'
        + ' body { padding: 24px 12px; font-family: ' + safe(page.style.fontFamily || 'Arial, sans-serif') + '; color: ' + safe(page.style.color || '#1d2430') + '; }'
        + ' [data-gjs-type="wrapper"] { max-width: 600px; min-height: 120px !important; margin: 0 auto; background: ' + safe(sheet.style.background || '#ffffff') + '; overflow: visible !important; }'
        + ' .ds-column { min-height: 40px; } .ds-column:empty { height: 60px; outline: 1px dashed #8a92a0; }'
        + ' .ds-image:not([src]), .ds-image[src=""], .ds-image[src^="data:image/svg"] { min-height: 140px; outline: 1px dashed #8a92a0; background: #eef1f5; }'
        + ' .ds-block { padding: 16px; border: 1px dashed #8a92a0; text-align: center; font-size: 14px; color: #3b4453; background: #eef1f5; }'
        + ' @media (max-width: 480px) { .ds-stack .ds-column { display: block !important; width: auto !important; padding-left: 32px !important; padding-right: 32px !important; } }';
    };

    const fill = () => {
      const selected = editor.getSelected();
      settings.replaceChildren();
      if (!selected || selected.get('type') === 'wrapper') {
        settings.append(make('h3', {textContent: 'Page'}), outerStyle(page, 'background', 'Background'), outerStyle(sheet, 'background', 'Sheet'), outerStyle(page, 'fontFamily', 'Font', FONTS));
        return;
      }
      let component = selected;
      while (component && !NAMES[component.get('type')] && component.get('type') !== 'link') component = component.parent();
      if (!component) return;
      const type = component.get('type');
      if (type.startsWith('ds-') && /margin|padding/.test(Object.keys(component.getStyle()).join())) {
        const wide = expand(component);
        if (JSON.stringify(wide) !== JSON.stringify(component.getStyle())) editor.UndoManager.skip ? editor.UndoManager.skip(() => component.setStyle(wide)) : component.setStyle(wide);
      }
      settings.append(make('h3', {textContent: NAMES[type] || 'Link'}));
      if (['ds-text', 'ds-heading', 'ds-footer'].includes(type)) settings.append(...words(component));
      if (type === 'link') settings.append(attributed(component, 'href', 'Leads to', 'https://'), styled(component, 'color', 'Colour', 'colour'));
      if (type === 'ds-image') {
        const around = component.parent();
        settings.append(
          attributed(component, 'src', 'Address of the picture', 'https://'),
          attributed(component, 'alt', 'Description', 'For who does not see it'),
          styled(component, 'width', 'Width', 'choice', [['100%', 'Full'], ['75%', 'Three quarters'], ['50%', 'Half'], ['33%', 'A third']]));
        const holder = around.get('type') === 'link' ? around.parent() : around;
        settings.append(styled(holder, 'text-align', 'Alignment', 'choice', ALIGN));
        if (around.get('type') === 'link') settings.append(attributed(around, 'href', 'Leads to', 'https://'));
      }
      if (type === 'ds-button') {
        const link = component.find('.ds-button-link')[0];
        const cell = link.parent();
        const align = make('select', {}, ...ALIGN.map(([value, name]) => make('option', {value, textContent: name})));
        // The cell around aligns the button: a table that is aligned itself lets others flow beside it.
        const around = component.find('td')[0];
        align.value = around.getAttributes().align || 'left';
        align.addEventListener('input', () => around.addAttributes({align: align.value}));
        settings.append(attributed(link, 'href', 'Leads to', 'https://'), styled(cell, 'background', 'Colour', 'colour'), styled(link, 'color', 'Text colour', 'colour'), styled(cell, 'border-radius', 'Rounding', 'number', [0, 40]), control('Alignment', align));
      }
      if (type === 'ds-divider') settings.append(styled(component, 'margin-top', 'Space above', 'number'), styled(component, 'margin-bottom', 'Space below', 'number'));
      if (type === 'ds-spacer') {
        const height = make('input', {type: 'number', min: 4, max: 200, value: parseInt(component.getStyle().height, 10) || 24});
        height.addEventListener('input', () => component.addStyle({height: height.value + 'px', 'line-height': height.value + 'px'}));
        settings.append(control('Height', height));
      }
      if (type === 'ds-column') settings.append(styled(component, 'background', 'Background', 'colour'), styled(component, 'padding-top', 'Space above', 'number'), styled(component, 'padding-bottom', 'Space below', 'number'), styled(component, 'padding-left', 'Space left', 'number'), styled(component, 'padding-right', 'Space right', 'number'));
      if (type === 'ds-section') settings.append(styled(component, 'background', 'Background', 'colour'));

      // Moved, doubled and deleted is the block; of a column, its section.
      let moved = component;
      while (moved && !moved.get('copyable')) moved = moved.parent();
      if (!moved || moved.get('type') === 'wrapper' || reads) return;
      const action = (name, does) => {
        const button = make('button', {type: 'button', className: 'button plain', textContent: name});
        button.addEventListener('click', does);
        return button;
      };
      const move = by => {
        const parent = moved.parent();
        const at = moved.index() + by;
        if (at < 0 || at >= parent.components().length) return;
        const went = moved;
        parent.components().remove(went, {temporary: true});
        parent.components().add(went, {at});
        editor.select(went);
      };
      settings.append(make('div', {className: 'ends'},
        action('Move up', () => move(-1)),
        action('Move down', () => move(1)),
        action('Duplicate', () => editor.select([].concat(moved.parent().components().add(moved.clone(), {at: moved.index() + 1}))[0])),
        action('Delete', () => { moved.remove(); editor.select(editor.getWrapper()); })));
      const column = up(component, 'ds-column');
      const inSection = up(component, 'ds-section');
      const wider = make('p', {className: 'quiet wider'});
      if (column && column !== component) wider.append(action('Select column', () => editor.select(column)));
      if (inSection && inSection !== component) wider.append(action('Select section', () => editor.select(inSection)));
      settings.append(wider);
    };
    const up = (component, type) => component && (component.get('type') === type ? component : up(component.parent(), type));

    const start = () => {
      editor.setComponents(sheet.innerHTML);
      editor.getWrapper().set({droppable: '.ds-section', badgable: false, hoverable: false, stylable: false});
      paint();
      blockList.querySelectorAll('.gjs-block').forEach((node, i) => {
        const [name, piece] = pieces[i];
        node.setAttribute('role', 'button');
        node.tabIndex = 0;
        node.querySelector('span').textContent = name;
        if (reads) return;
        node.addEventListener('click', () => add(piece));
        node.addEventListener('keydown', event => {
          if (event.key !== 'Enter' && event.key !== ' ') return;
          event.preventDefault();
          add(piece);
        });
      });
      const shown = editor.Canvas.getFrameEl();
      if (shown) shown.title = 'The message';
      editor.Canvas.getBody().addEventListener('input', changed);
      editor.UndoManager.clear();
      device('Desktop');
      fill();
      last = exported();
      ready = true;
      document.body.dataset.ready = 'yes';
    };
    editor.on('component:selected component:deselected', fill);
    editor.on('update component:add component:remove component:update component:styleUpdate', changed);
    editor.on('load', start);
  }

  const NAMES = {
    'ds-text': 'Text', 'ds-heading': 'Heading', 'ds-footer': 'Footer', 'ds-image': 'Picture', 'ds-picture': 'Picture', 'ds-button': 'Button', 'ds-divider': 'Divider',
    'ds-spacer': 'Spacer', 'ds-block': 'Shared block', 'ds-column': 'Column', 'ds-section': 'Section'
  };

  // What a message is made of. Each is known by its class, so that HTML opens as what it was.
  function types(editor) {
    const components = editor.DomComponents;
    const is = name => node => node.classList && node.classList.contains(name) ? {type: name} : undefined;
    const block = {draggable: '.ds-column', droppable: false, toolbar: [], resizable: false};
    const add = (name, extend, defaults) => components.addType(name, {
      ...(extend ? {extend} : {}),
      isComponent: is(name),
      model: {defaults: {name: NAMES[name], ...defaults}}
    });
    const plain = {draggable: false, droppable: false, selectable: false, hoverable: false, removable: false, copyable: false, highlightable: false, layerable: false, toolbar: []};
    components.addType('ds-plain', {
      isComponent: node => ['TABLE', 'TBODY', 'TR', 'TD'].includes(node.tagName) && !node.className ? {type: 'ds-plain'} : undefined,
      model: {defaults: plain}
    });
    add('ds-section', '', {...block, draggable: '[data-gjs-type=wrapper]'});
    add('ds-column', '', {draggable: false, droppable: '.ds-text, .ds-heading, .ds-picture, .ds-button, .ds-divider, .ds-spacer, .ds-footer, .ds-block', removable: false, copyable: false, toolbar: []});
    add('ds-text', 'text', block);
    add('ds-heading', 'text', block);
    add('ds-footer', 'text', block);
    add('ds-button', '', block);
    add('ds-button-link', 'text', {...plain, selectable: true, editable: true, name: 'Button'});
    add('ds-divider', '', block);
    add('ds-spacer', '', block);
    add('ds-block', '', block);
    add('ds-picture', '', block);
    components.addType('ds-image', {
      extend: 'image',
      isComponent: is('ds-image'),
      model: {defaults: {name: 'Picture', draggable: false, removable: false, copyable: false, resizable: false, toolbar: [], droppable: false, traits: []}},
      view: {onActive() { /* no manager of pictures: the address is a setting */ }}
    });
    components.addType('link', {model: {defaults: {draggable: false, droppable: false, toolbar: [], traits: []}}});
  }

  tell({kind: 'ready'});
})();
