(function () {
  "use strict";
  var character = 6.7, margin = 12, width = 1200;
  var told = document.getElementById("told");
  var reset = document.getElementById("reset");
  var search = document.getElementById("search");
  var zoomed = null, pattern = null;
  // Boxes stand in the file in pre-order, parents before their children.
  var boxes = Array.prototype.map.call(document.querySelectorAll("#frames > g"), function (g) {
    var rect = g.querySelector("rect"), title = g.querySelector("title").textContent;
    var cut = title.lastIndexOf("\n");
    return {
      g: g, rect: rect, text: g.querySelector("text"),
      x: +rect.getAttribute("x"), w: +rect.getAttribute("width"), y: +rect.getAttribute("y"),
      label: title.slice(0, cut), about: title.slice(cut + 1)
    };
  });

  function fit(label, room) {
    var characters = Array.from(label), n = Math.floor((room - 6) / character);
    if (characters.length <= n) { return label; }
    return n < 3 ? "" : characters.slice(0, n - 1).join("") + "…";
  }

  function place(box, x, w) {
    box.rect.setAttribute("x", x.toFixed(2));
    box.rect.setAttribute("width", Math.max(w, 0).toFixed(2));
    box.text.setAttribute("x", (x + 3).toFixed(2));
    box.text.textContent = fit(box.label, w);
  }

  function zoom(target) {
    var whole = width - 2 * margin, rounding = 0.02;
    zoomed = target === boxes[0] ? null : target;
    boxes.forEach(function (box) {
      var list = box.g.classList;
      list.remove("below", "gone");
      var holds = box.x <= target.x + rounding && box.x + box.w >= target.x + target.w - rounding && box.y >= target.y;
      var within = box.x >= target.x - rounding && box.x + box.w <= target.x + target.w + rounding && box.y <= target.y;
      if (holds) {
        if (box !== target) { list.add("below"); }
        place(box, margin, whole);
      } else if (within) {
        place(box, margin + (box.x - target.x) * whole / target.w, box.w * whole / target.w);
      } else {
        list.add("gone");
      }
    });
    reset.classList.toggle("on", zoomed !== null);
  }

  function find(words) {
    var test;
    try { test = new RegExp(words, "i"); } catch (e) { test = null; }
    var end = -1, sum = 0;
    boxes.forEach(function (box) {
      var hit = words !== "" && box !== boxes[0] &&
        (test ? test.test(box.label) : box.label.toLowerCase().indexOf(words.toLowerCase()) !== -1);
      box.g.classList.toggle("found", hit);
      // A box above one that was counted is part of it.
      if (hit && box.x >= end - 0.005) { sum += box.w; end = box.x + box.w; }
    });
    pattern = words || null;
    search.textContent = pattern ? "Clear search" : "Search";
    tell(null, sum);
  }

  function tell(box, sum) {
    if (box) {
      told.textContent = box.label + ": " + box.about;
    } else if (pattern) {
      if (sum !== undefined) { tell.share = 100 * sum / boxes[0].w; }
      told.textContent = "“" + pattern + "” is in " + tell.share.toFixed(1) + " %";
    } else {
      told.textContent = "";
    }
  }

  function ask() {
    if (pattern) { find(""); return; }
    var words = window.prompt("Search for (a regular expression):", "");
    if (words !== null) { find(words); }
  }

  boxes.forEach(function (box) {
    box.g.addEventListener("click", function () { zoom(box); });
    box.g.addEventListener("mouseenter", function () { tell(box); });
    box.g.addEventListener("mouseleave", function () { tell(null); });
  });
  reset.addEventListener("click", function () { zoom(boxes[0]); });
  search.addEventListener("click", ask);
  search.classList.add("on");
  window.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      zoom(boxes[0]);
      if (pattern) { find(""); }
    } else if (event.key === "/" || (event.key === "f" && (event.ctrlKey || event.metaKey))) {
      event.preventDefault();
      ask();
    }
  });
})();
