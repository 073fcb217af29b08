// What can be broken, and what came of it.

import {request} from './request.js';

const BREAKAGES = [
    {
        name: 'kill-server', title: 'Kill the server', button: 'kill -9', danger: true,
        what: 'The server process dies without a word and is started again. How long are calls without an answer, and what do their callers see?',
    },
    {
        name: 'hot-restart', title: 'Hot restart under load', button: 'Replace the server',
        what: 'A second server starts beside the first, which sends its clients over and ends, while four threads call without a pause.',
    },
    {
        name: 'exhaust-memory', title: 'Exhaust the memory', button: 'Take every slice', danger: true,
        what: 'One stream takes all slices of the region. Messages take the socket instead, and the circuit breaker opens.',
    },
    {
        name: 'slow-handler', title: 'A slow handler', button: 'Call a slow method',
        what: 'Eight calls go to a method that takes longer than its callers wait, while others call a quick one.',
    },
];

const template = document.getElementById('breakage');
const cards = new Map(BREAKAGES.map(breakage => [breakage.name, card(breakage)]));
document.getElementById('breakages').append(...cards.values());

function card({name, title, what, button, danger}) {
    const card = template.content.firstElementChild.cloneNode(true);
    card.id = name;
    card.querySelector('h3').textContent = title;
    card.querySelector('.what').textContent = what;
    const press = card.querySelector('button');
    press.textContent = button;
    press.classList.toggle('danger', danger === true);
    press.addEventListener('click', async () => {
        const answer = await request('POST', `break/${name}`);
        if (answer.problem) {
            card.querySelector('.state').textContent = answer.problem;
        }
    });
    return card;
}

export function showBreakages(reports) {
    for (const report of reports) {
        const card = cards.get(report.name);
        card.dataset.state = report.state;
        card.classList.toggle('running', report.state === 'RUNNING');
        card.classList.toggle('failed', report.state === 'FAILED');
        card.querySelector('.state').textContent = {
            RUNNING: 'under way …',
            DONE: `done in ${(report.elapsedMillis / 1000).toFixed(1)} s`,
            FAILED: 'did not end well',
        }[report.state];
        fill(card.querySelector('.verdict'), report.verdict ? [report.verdict] : []);
        fill(card.querySelector('.facts'), Object.entries(report.facts).flatMap(([label, value]) => [made('dt', label), made('dd', value)]));
        fill(card.querySelector('.steps'), report.steps.map(step => {
            const item = made('li', '');
            item.append(made('time', `${(step.atMillis / 1000).toFixed(2)} s`), made('span', step.sentence));
            return item;
        }));
    }
}

function fill(parent, children) {
    parent.hidden = children.length === 0;
    parent.replaceChildren(...children);
}

function made(tag, words) {
    const element = document.createElement(tag);
    element.textContent = words;
    return element;
}
