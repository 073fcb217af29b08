// A chart with logarithmic axes, as SVG.

const WIDTH = 480;
const HEIGHT = 300;
const MARGIN = {left: 62, right: 18, top: 12, bottom: 34};

/** Marks are of different shapes, so that nobody needs the colours to tell them apart. */
export const MARKS = {
    circle: (x, y) => `<circle cx="${x}" cy="${y}" r="4.5"/>`,
    square: (x, y) => `<rect x="${x - 4}" y="${y - 4}" width="8" height="8"/>`,
    triangle: (x, y) => `<path d="M${x} ${y - 5.5}l5 9.5h-10z"/>`,
};

/**
 * @param series [{name, colour, mark, points: [[x, y], …]}, …]
 * @param format what makes texts of numbers: {x, y}
 */
export function chart(title, series, format) {
    const points = series.flatMap(each => each.points);
    const xs = [...new Set(points.map(([x]) => x))].sort((a, b) => a - b);
    const x = scale(xs[0], xs[xs.length - 1], MARGIN.left + 14, WIDTH - MARGIN.right - 14);
    const powers = decades(points.map(([, y]) => y));
    const y = scale(powers[0], powers[powers.length - 1], HEIGHT - MARGIN.bottom, MARGIN.top);
    const rows = powers.map(value => `
        <line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(value)}" y2="${y(value)}"/>
        <text x="${MARGIN.left - 8}" y="${y(value) + 4}" text-anchor="end">${format.y(value)}</text>`);
    const columns = xs.map(value =>
        `<text x="${x(value)}" y="${HEIGHT - 10}" text-anchor="middle">${format.x(value)}</text>`);
    const lines = series.map(({name, colour, mark, points}) => `
        <g style="color: ${colour}" fill="currentColor"><title>${name}</title>
            <path d="M${points.map(([a, b]) => `${x(a)} ${y(b)}`).join('L')}" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linejoin="round"/>
            ${points.map(([a, b]) => MARKS[mark](x(a), y(b))).join('')}
        </g>`);
    return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}; the table below has the numbers">
        ${rows.join('')}${columns.join('')}${lines.reverse().join('')}</svg>`;
}

function scale(low, high, from, to) {
    const span = Math.log(high / low);
    return value => Math.round(10 * (span === 0 ? (from + to) / 2 : from + (to - from) * Math.log(value / low) / span)) / 10;
}

/** The powers of ten around the values, at least two. */
function decades(values) {
    const first = Math.floor(Math.log10(Math.min(...values)));
    const last = Math.max(first + 1, Math.ceil(Math.log10(Math.max(...values))));
    return Array.from({length: last - first + 1}, (_, i) => 10 ** (first + i));
}
