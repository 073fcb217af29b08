// The page: one feed of server-sent events, and who shows what of it.

import {showLive, showFeed} from './live.js';
import {showMeasure} from './measure.js';
import {showBreakages} from './breaking.js';

const feed = new EventSource('live');
feed.addEventListener('open', () => showFeed(true));
feed.addEventListener('error', () => showFeed(false));
listen('live', snapshot => {
    showLive(snapshot);
    showLab(snapshot);
});
listen('measure', showMeasure);
listen('break', showBreakages);

function listen(event, show) {
    feed.addEventListener(event, message => show(JSON.parse(message.data)));
}

function showLab({processes, activity}) {
    document.querySelectorAll('[data-lab]').forEach(section => section.hidden = !processes.hasLab);
    document.getElementById('no-lab').hidden = processes.hasLab;
    document.querySelectorAll('#measure-start, .breakage button').forEach(button => button.disabled = activity !== null);
    if (processes.directory) {
        document.getElementById('go-socket').textContent = processes.directory + '/lines.sock';
    }
}

document.getElementById('theme').addEventListener('click', () => {
    const root = document.documentElement;
    const dark = root.dataset.theme
        ? root.dataset.theme === 'dark'
        : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
    localStorage.setItem('theme', root.dataset.theme);
    dispatchEvent(new Event('theme'));
});
if (localStorage.getItem('theme')) {
    document.documentElement.dataset.theme = localStorage.getItem('theme');
}
