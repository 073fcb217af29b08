// A measurement: its controls, its progress, its results.

import {bytes, count, megabytesPerSecond, micros, short} from './format.js';
import {chart, MARKS} from './chart.js';
import {request} from './request.js';

const TRANSPORTS = [
    {id: 'shared-memory', name: 'Shared memory', colour: 'var(--shm)', mark: 'circle'},
    {id: 'unix-socket', name: 'Unix socket', colour: 'var(--unix)', mark: 'square'},
    {id: 'tcp', name: 'TCP loopback', colour: 'var(--tcp)', mark: 'triangle'},
];

const element = id => document.getElementById(id);
const form = element('measure-form');

form.addEventListener('submit', async event => {
    event.preventDefault();
    const choice = new FormData(form);
    const sizes = choice.getAll('sizes');
    if (sizes.length === 0) {
        say('Choose one size at least.');
        return;
    }
    const answer = await request('POST', `measure?sizes=${sizes}&streams=${choice.get('streams')}`);
    if (answer.problem) {
        say(answer.problem);
    } else {
        showMeasure(answer.body);
    }
});

element('measure-cancel').addEventListener('click', () => request('DELETE', 'measure'));

export function showMeasure(status) {
    const running = status.state === 'RUNNING';
    if (running) {
        // The next look at what runs enables it again, as it does all buttons.
        element('measure-start').disabled = true;
    }
    element('measure-cancel').disabled = !running;
    element('measure-progress').value = status.progress;
    say({
        RUNNING: `Measuring: ${Math.round(100 * status.progress)} %`,
        DONE: 'Done.',
        CANCELLED: 'Cancelled. What was measured until then is below.',
        FAILED: `It failed: ${status.problem}`,
    }[status.state] ?? 'Not measured yet.');
    form.dataset.state = status.state;
    element('measure-results').hidden = status.results.length === 0;
    if (status.results.length > 0) {
        showResults(status);
    }
}

function say(words) {
    element('measure-words').textContent = words;
}

function showResults({results, machine}) {
    const series = value => TRANSPORTS
        .map(each => ({...each, points: results.filter(r => r.transport === each.id).map(r => [r.bytes, value(r)])}))
        .filter(each => each.points.length > 0);
    element('chart-latency').innerHTML =
        chart('Time there and back over the size of the message', series(r => r.p50Micros), {x: bytes, y: micros});
    element('chart-throughput').innerHTML =
        chart('Throughput over the size of the message', series(r => r.megabytesPerSecond), {x: bytes, y: megabytesPerSecond});
    element('chart-legend').innerHTML = TRANSPORTS.map(({name, colour, mark}) =>
        `<li><svg width="14" height="14" style="color: ${colour}" fill="currentColor">${MARKS[mark](7, 7)}</svg>${name}</li>`).join('');
    element('measure-headline').innerHTML = headline(results);
    element('measure-table').innerHTML = table(results);
    element('measure-machine').textContent =
        `${machine.system}, ${machine.architecture}, ${count(machine.processors)} processors, Java ${machine.java}.`;
}

/** The smallest size in words; whoever wins. */
function headline(results) {
    const smallest = Math.min(...results.map(r => r.bytes));
    const [first, second] = results.filter(r => r.bytes === smallest).sort((a, b) => a.p50Micros - b.p50Micros);
    if (!second) {
        return '';
    }
    const name = id => TRANSPORTS.find(each => each.id === id).name;
    return `${bytes(smallest)} there and back: <b>${name(first.transport)} ${micros(first.p50Micros)}</b>, `
        + `${(second.p50Micros / first.p50Micros).toFixed(1)} times as fast as ${name(second.transport)}.`;
}

function table(results) {
    const sizes = [...new Set(results.map(r => r.bytes))].sort((a, b) => a - b);
    const rows = sizes.flatMap(size => {
        const group = results.filter(r => r.bytes === size);
        const best = Math.min(...group.map(r => r.p50Micros));
        return group.map((r, i) => `<tr>
            ${i === 0 ? `<th scope="rowgroup" rowspan="${group.length}">${bytes(size)}</th>` : ''}
            <td style="text-align: left">${TRANSPORTS.find(each => each.id === r.transport).name}</td>
            <td${r.p50Micros === best ? ' class="best"' : ''}>${micros(r.p50Micros)}</td><td>${micros(r.p90Micros)}</td><td>${micros(r.p99Micros)}</td>
            <td>${short(r.roundTripsPerSecond)}/s</td><td>${megabytesPerSecond(r.megabytesPerSecond)}</td></tr>`);
    });
    return `<thead><tr><th scope="col">Size</th><th scope="col" style="text-align: left">Way</th><th scope="col">median</th><th scope="col">90 %</th>
        <th scope="col">99 %</th><th scope="col">round trips</th><th scope="col">throughput</th></tr></thead><tbody>${rows.join('')}</tbody>`;
}
