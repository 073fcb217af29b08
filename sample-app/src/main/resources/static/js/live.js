// What the two processes do now.

import {bytes, count, micros} from './format.js';
import {showRegion} from './region.js';

const HISTORY = 120;
const history = {calls: [], bytes: [], p50: []};
let before;

const element = id => document.getElementById(id);

export function showFeed(connected) {
    chip('chip-feed', connected ? 'live' : 'lost, trying again', connected);
}

export function showLive(snapshot) {
    const {processes, meters, sessions, health} = snapshot;
    const open = sessions.filter(session => session.state !== 'CLOSED').length;
    showProcesses(processes, open > 0);
    chip('chip-health', health.status, health.status === 'UP');
    const breaker = sessions.some(session => session.state === 'BREAKER_OPEN') ? 'open' : 'closed';
    chip('chip-breaker', breaker, breaker === 'closed');
    showRates(snapshot);
    text('tile-p50', meters.calls ? micros(meters.p50Micros) : '–');
    text('tile-p99', `95 % ${micros(meters.p95Micros)}, 99 % ${micros(meters.p99Micros)}`);
    text('tile-sessions', open);
    text('tile-streams', plural(meters.streams, 'open stream'));
    text('tile-queue', count(meters.queuedMessages));
    text('tile-wakeups', `messages wait; ${count(meters.wakeups)} wake-ups since the start`);
    text('tile-fallback', count(meters.fallbackMessages));
    text('pair-words', open ? `${bytes(meters.memoryCapacityBytes)} of shared memory, ${snapshot.memoryType}` : 'no session');
    spark('spark-p50', remember('p50', meters.p50Micros));
    showRegion(snapshot.region, meters);
    before = snapshot;
}

function showProcesses(processes, connected) {
    text('client-pid', `process ${processes.client}`);
    const known = processes.hasLab;
    const away = known ? processes.server === 0 : !connected;
    text('server-pid', known ? (away ? 'is away' : `process ${processes.server}`) : (away ? 'is away' : 'is there'));
    document.querySelector('.server').classList.toggle('away', away);
    const pair = document.querySelector('.pair');
    pair.classList.toggle('broken', !connected);
    pair.classList.toggle('flowing', connected);
}

function showRates(snapshot) {
    const seconds = before ? (snapshot.timeMillis - before.timeMillis) / 1000 : 0;
    if (seconds <= 0) {
        return;
    }
    const now = snapshot.meters;
    const then = before.meters;
    const rate = (a, b) => Math.max(0, (a - b) / seconds);
    const calls = rate(now.calls, then.calls);
    const moved = rate(now.sentBytes + now.receivedBytes, then.sentBytes + then.receivedBytes);
    text('tile-calls', count(calls));
    text('tile-bytes', bytes(moved));
    spark('spark-calls', remember('calls', calls));
    spark('spark-bytes', remember('bytes', moved));
    element('tile-fallback').closest('.tile').classList.toggle('alarm', now.fallbackMessages > then.fallbackMessages);
}

function remember(name, value) {
    const values = history[name];
    values.push(value);
    if (values.length > HISTORY) {
        values.shift();
    }
    return values;
}

function spark(id, values) {
    const svg = element(id);
    const top = Math.max(...values, 1e-9);
    const points = values.map((value, i) =>
        `${(100 * (i + HISTORY - values.length) / (HISTORY - 1)).toFixed(2)} ${(27 - 25 * value / top).toFixed(2)}`);
    svg.setAttribute('viewBox', '0 0 100 28');
    svg.setAttribute('preserveAspectRatio', 'none');
    svg.innerHTML = `<path d="M${points.join('L')}"/>`;
}

function chip(id, words, good) {
    const chip = element(id);
    chip.classList.toggle('good', good);
    chip.classList.toggle('bad', !good);
    const bold = chip.querySelector('b');
    if (bold.textContent !== words) {
        bold.textContent = words;
    }
}

function text(id, words) {
    element(id).textContent = words;
}

function plural(number, noun) {
    return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}
