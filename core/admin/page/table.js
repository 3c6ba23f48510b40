// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// A table with elements for the visible rows only. An element belongs to its row's key, not to a place, so
// one that has the focus, or is being clicked, never turns into another row.
import { clean, t } from './words.js';

export function make(tag, role = '', className = '', properties = {}) {
  const element = Object.assign(document.createElement(tag), { className, ...properties });
  if (role) element.setAttribute('role', role);
  return element;
}
/// Leaves an unchanged text alone, so that a selection survives and a screen reader stays quiet.
export function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
const beyond = 6; // extra rows above and below, so that Tab finds the next one

export class Table {
  /// columns: name → cell(row) → text; key(row) → the row's identity; act: { label(row), name(row),
  /// run(row) } or nothing; can() → whether acts are allowed.
  constructor(place, name, { columns, key, act }, can) {
    Object.assign(this, { columns, key, act, can });
    this.rows = [];
    this.shown = new Map(); // key → element
    this.table = make('div', 'table', `table ${name}`);
    this.head = make('div', 'row', 'row head');
    const header = make('div', 'rowgroup');
    header.append(this.head);
    this.body = make('div', 'rowgroup', 'rows');
    this.body.tabIndex = 0;
    this.space = make('div', 'presentation', 'space');
    this.body.append(this.space);
    this.none = make('p', '', 'none');
    this.table.append(header, this.body);
    place.append(this.table, this.none);
    this.body.addEventListener('scroll', () => this.draw());
    new ResizeObserver(() => this.draw()).observe(this.body);
  }

  speak(label, none) {
    this.table.setAttribute('aria-label', label);
    this.body.setAttribute('aria-label', label);
    this.none.textContent = none;
    this.head.replaceChildren(...[...Object.keys(this.columns), ...this.act ? ['action'] : []].map((key) => make('div', 'columnheader', `cell ${key}`, { textContent: t(key) })));
    this.shown.forEach((element) => element.remove());
    this.shown.clear();
    this.draw();
  }

  show(rows) {
    this.rows = rows;
    this.table.hidden = rows.length === 0;
    this.none.hidden = rows.length > 0;
    this.table.setAttribute('aria-rowcount', rows.length + 1);
    if (rows.length) return this.draw();
    this.shown.clear();
    this.space.replaceChildren();
  }

  draw() {
    const height = parseFloat(getComputedStyle(this.body).getPropertyValue('--row'));
    if (!height || !this.body.clientHeight) return;
    this.space.style.height = `${this.rows.length * height}px`;
    const first = Math.max(Math.floor(this.body.scrollTop / height) - beyond, 0);
    const last = Math.min(first + Math.ceil(this.body.clientHeight / height) + 2 * beyond, this.rows.length);
    const wanted = new Map();
    for (let place = first; place < last; ++place) wanted.set(this.key(this.rows[place]), place);
    for (const [key, element] of this.shown) {
      if (wanted.has(key)) continue;
      if (element.contains(document.activeElement)) this.body.focus({ preventScroll: true });
      element.remove();
      this.shown.delete(key);
    }
    let before = null; // the order of the elements is the order of Tab
    for (const [key, place] of wanted) {
      let element = this.shown.get(key);
      if (!element) {
        element = this.make(key);
        this.shown.set(key, element);
      }
      this.fill(element, this.rows[place], place);
      element.style.transform = `translateY(${place * height}px)`;
      const next = before ? before.nextSibling : this.space.firstChild;
      if (next !== element && !element.contains(document.activeElement)) this.space.insertBefore(element, next);
      before = element;
    }
  }

  make(key) {
    const element = make('div', 'row', 'row');
    for (const name of Object.keys(this.columns)) {
      const cell = make('div', 'cell', `cell ${name}`);
      cell.dataset.label = t(name);
      element.append(cell);
    }
    if (this.act) {
      const cell = make('div', 'cell', 'cell action');
      const button = make('button', '', '', { type: 'button' });
      button.addEventListener('click', () => {
        const row = this.rows.find((one) => this.key(one) === key);
        if (row) this.act.run(row);
      });
      cell.append(button);
      element.append(cell);
    }
    return element;
  }

  fill(element, row, place) {
    element.setAttribute('aria-rowindex', place + 2);
    Object.values(this.columns).forEach((value, at) => {
      const cell = element.children[at];
      put(cell, clean(value(row)));
      cell.title = cell.textContent;
    });
    if (!this.act) return;
    const button = element.lastChild.firstChild;
    const label = this.can() ? t(this.act.label(row)) : '';
    button.hidden = !label;
    put(button, label);
    button.setAttribute('aria-label', clean(`${label}: ${this.act.name(row)}`));
  }
}
