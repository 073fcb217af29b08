// Numbers as people write them.

const whole = new Intl.NumberFormat('en');

export function count(value) {
    return value >= 100_000 ? short(value) : whole.format(Math.round(value));
}

export function short(value) {
    for (const [limit, unit] of [[1e9, 'G'], [1e6, 'M'], [1e3, 'k']]) {
        if (value >= limit) {
            return digits(value / limit) + ' ' + unit;
        }
    }
    return digits(value);
}

export function bytes(value) {
    for (const [limit, unit] of [[1 << 20, 'MiB'], [1 << 10, 'KiB']]) {
        if (value >= limit) {
            return digits(value / limit) + ' ' + unit;
        }
    }
    return Math.round(value) + ' B';
}

export function micros(value) {
    return value >= 1000 ? digits(value / 1000) + ' ms' : digits(value) + ' µs';
}

export function megabytesPerSecond(value) {
    return value >= 1000 ? digits(value / 1000) + ' GB/s' : digits(value) + ' MB/s';
}

function digits(value) {
    return value >= 100 ? whole.format(Math.round(value)) : Number(value.toPrecision(value >= 10 ? 3 : 2)).toString();
}
