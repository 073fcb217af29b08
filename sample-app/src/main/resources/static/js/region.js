// The region as a picture: a cell for each slice, a block of cells for each list.

import {bytes, count} from './format.js';

const CELL = 9;
const GAP = 2;
let latest = [];

export function showRegion(lists, meters) {
    latest = lists;
    const container = document.getElementById('region-lists');
    const words = document.getElementById('region-words');
    if (lists.length === 0) {
        words.textContent = 'No session is open.';
        container.replaceChildren();
        return;
    }
    words.textContent = `${bytes(meters.memoryUsedBytes)} of ${bytes(meters.memoryCapacityBytes)} in use`;
    while (container.children.length > lists.length) {
        container.lastChild.remove();
    }
    while (container.children.length < lists.length) {
        container.append(row());
    }
    lists.forEach((list, i) => draw(container.children[i], list));
}

function row() {
    const row = document.createElement('div');
    row.className = 'list';
    row.append(document.createElement('div'), document.createElement('canvas'));
    row.lastChild.setAttribute('role', 'img');
    return row;
}

function draw(row, list) {
    const used = list.used.reduce((sum, [, length]) => sum + length, 0);
    const label = `${bytes(list.sliceBytes)} slices`;
    const numbers = `${count(used)} of ${count(list.capacity)} in use`;
    row.firstChild.innerHTML = `${label}<small>${numbers}</small>`;
    const canvas = row.lastChild;
    canvas.setAttribute('aria-label', `${label}: ${numbers}`);
    const width = canvas.clientWidth || 300;
    const columns = Math.max(1, Math.floor((width + GAP) / (CELL + GAP)));
    const height = Math.ceil(list.capacity / columns) * (CELL + GAP) - GAP;
    const scale = window.devicePixelRatio || 1;
    canvas.width = width * scale;
    canvas.height = height * scale;
    canvas.style.height = height + 'px';
    const pen = canvas.getContext('2d');
    pen.scale(scale, scale);
    const style = getComputedStyle(document.querySelector('.swatch.used'));
    const free = getComputedStyle(document.querySelector('.swatch.free')).backgroundColor;
    const cell = (i, colour) => {
        pen.fillStyle = colour;
        pen.fillRect((i % columns) * (CELL + GAP), Math.floor(i / columns) * (CELL + GAP), CELL, CELL);
    };
    for (let i = 0; i < list.capacity; i++) {
        cell(i, free);
    }
    for (const [first, length] of list.used) {
        for (let i = first; i < first + length; i++) {
            cell(i, style.backgroundColor);
        }
    }
}

function redraw() {
    const rows = document.getElementById('region-lists').children;
    latest.forEach((list, i) => rows[i] && draw(rows[i], list));
}

addEventListener('resize', redraw);
addEventListener('theme', redraw);
