"use strict";
// Sorting of tables and the choice of the theme. Without it the page is complete, in the order of the record.
(function () {
  var root = document.documentElement, button = document.getElementById("theme"), say = document.getElementById("status");
  var system = window.matchMedia("(prefers-color-scheme: dark)");

  function isDark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : system.matches;
  }
  function label() {
    button.textContent = isDark() ? "Light" : "Dark";
    button.setAttribute("aria-label", "Switch to the " + button.textContent.toLowerCase() + " theme");
  }
  // Pages opened from a disk may have no storage.
  try {
    var kept = localStorage.getItem("ceval-theme");
    if (kept === "dark" || kept === "light") { root.dataset.theme = kept; }
  } catch (error) { kept = null; }
  button.hidden = false;
  label();
  button.addEventListener("click", function () {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("ceval-theme", root.dataset.theme); } catch (error) { kept = null; }
    label();
  });
  system.addEventListener("change", label);

  function key(row, column) {
    var cell = row.cells[column];
    return cell.dataset.key === undefined ? cell.textContent.trim() : Number(cell.dataset.key);
  }
  function compare(a, b) {
    if (typeof a === "number" && typeof b === "number") { return a - b; }
    if (typeof a !== typeof b) { return typeof a === "number" ? -1 : 1; }
    return a.localeCompare(b, "en", { numeric: true });
  }
  function sort(table, heading, column) {
    var down = heading.getAttribute("aria-sort") === "ascending", body = table.tBodies[0];
    Array.from(table.tHead.rows[0].cells).forEach(function (other) { other.removeAttribute("aria-sort"); });
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    Array.from(body.rows)
      .sort(function (one, other) { return (down ? -1 : 1) * compare(key(one, column), key(other, column)); })
      .forEach(function (row) { body.appendChild(row); });
    say.textContent = "Sorted by " + heading.textContent.trim() + ", " + heading.getAttribute("aria-sort");
  }
  document.querySelectorAll("table[data-sortable]").forEach(function (table) {
    Array.from(table.tHead.rows[0].cells).forEach(function (heading, column) {
      var inner = document.createElement("button");
      inner.type = "button";
      inner.append.apply(inner, heading.childNodes);
      heading.append(inner);
      inner.addEventListener("click", function () { sort(table, heading, column); });
    });
  });

  // Only what scrolls needs a place in the order of the keyboard.
  function reach() {
    document.querySelectorAll(".scroll").forEach(function (part) { part.tabIndex = part.scrollWidth > part.clientWidth ? 0 : -1; });
  }
  reach();
  window.addEventListener("resize", reach);
  document.querySelectorAll("details").forEach(function (part) { part.addEventListener("toggle", reach); });

  // A printed page shows what is folded away on a screen.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (part) { part.open = true; });
  });
})();
