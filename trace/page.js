"use strict";
// The page is complete without this: it only hides, steps and lights. What it says stands in the page already.
(() => {
  const $ = (id) => document.getElementById(id), html = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const steps = all("#steps .step"), number = steps.map((s) => +s.id);
  const marked = all("[data-step]"), bar = all("#bar a"), runs = all(".run");
  let here = -1, row = null, latch = false;
  if (!steps.length) return;
  html.classList.add("js");

  // Octets of a block become elements when they are first looked at.
  const block = (id) => {
    const pre = $(id);
    if (!pre || pre.octets) return pre;
    const words = pre.textContent.match(/\S+/g) || [], made = document.createDocumentFragment();
    pre.octets = words.map((w, i) => {
      const b = document.createElement("b");
      b.textContent = w;
      b.at = i;
      made.append(b, (i + 1) % 16 ? "" : "\n");
      return b;
    });
    pre.replaceChildren(made);
    return pre;
  };

  // Tables of fields, and on which octets of which blocks they lie: [block, there, here, how many].
  const lying = new Map();
  for (const table of all("table.fields")) {
    const own = table.dataset.b, on = (table.dataset.on || "").trim().split(" "), list = [];
    if (own[0] === "p") list.push([own, 0, 0, Infinity]);
    for (let i = 0; i + 3 < on.length; i += 4) list.push([on[i], +on[i + 1], +on[i + 2], +on[i + 3]]);
    table.places = list;
    for (const place of list) lying.set(place[0], [...(lying.get(place[0]) || []), [table, place]]);
  }
  const rows = (table) => table.fields || (table.fields = all("tbody tr", table).map((tr) => {
    tr.off = +tr.cells[1].textContent;
    tr.size = +tr.cells[2].textContent;
    return tr;
  }));
  const stepOf = (node) => +node.closest(".step").id;

  // The field with the fewest octets among those that hold this one; of equals the first that is no group.
  const fieldAt = (id, at) => {
    let best = null;
    for (const [table, [, there, from, n]] of lying.get(id) || []) {
      if (at < there || at >= there + n) continue;
      const off = from + at - there;
      for (const tr of rows(table))
        if (tr.off <= off && off < tr.off + tr.size && (!best || tr.size < best.size
            || (table !== best.closest("table") && tr.size <= best.size))) best = tr;
    }
    return best;
  };

  const both = (name, value) => {
    const dt = document.createElement("dt"), dd = document.createElement("dd"), word = $("word-" + name);
    dt.append(...(word ? [...word.cloneNode(true).childNodes] : [name]));
    dd.append(...value);
    return [dt, dd];
  };
  const copy = (node) => (node ? [...node.cloneNode(true).childNodes] : []);
  const code = (text) => { const c = document.createElement("code"); c.textContent = text; return c; };

  // "18/window.2": the second field of that name in step 18; most rows have no id.
  const alike = (step, name) => all(".fields tbody tr", step).filter((tr) => tr.cells[0].textContent === name);
  const anchorOf = (tr) => {
    const name = tr.cells[0].textContent, i = alike(tr.closest(".step"), name).indexOf(tr);
    return stepOf(tr) + "/" + name + (i ? "." + (i + 1) : "");
  };
  const fieldOf = (anchor) => {
    const [, step, name, times] = /^(\d+)\/(.*?)(?:\.(\d+))?$/.exec(anchor) || [];
    return name ? alike($(step), name)[(times || 1) - 1] : null;
  };

  // "packet/tcp/window": the names of the rows above that it stands under.
  const depth = (tr) => parseInt(tr.cells[0].className.slice(1) || 1, 10);
  const pathOf = (tr) => {
    let path = tr.cells[0].textContent, at = depth(tr);
    for (let up = tr.previousElementSibling; up && at > 0; up = up.previousElementSibling)
      if (depth(up) < at) {
        at = depth(up);
        path = up.cells[0].textContent + "/" + path;
      }
    return tr.closest("table").dataset.root + "/" + path;
  };

  // What is known of a field: value, meaning, who told it, Wireshark's name for it.
  const read = (tr) => {
    const table = tr.closest("table"), out = $("readout"), list = document.createElement("dl");
    const name = tr.cells[0].textContent, whole = pathOf(tr);
    const term = $("g-" + name), meaning = term ? term.nextElementSibling.cloneNode(true) : null;
    const named = tr.cells[3].querySelector("i"), value = named && $("v-" + named.textContent);
    let filter = null;
    for (const f of meaning ? all("samp", meaning) : []) {
      if (!f.dataset.path || ("/" + whole).endsWith("/" + f.dataset.path)) filter = f;
      f.remove();
    }
    const link = document.createElement("a");
    link.href = "#" + anchorOf(tr);
    link.append(code(whole));
    const where = stepOf(tr) === number[here] ? [link] : [link, " (#" + stepOf(tr) + ")"];
    list.append(...both("field", where), ...both("value", copy(tr.cells[3])));
    if (meaning && meaning.textContent.trim()) list.append(...both("meaning", copy(meaning)));
    if (value) list.append(...both("", copy(value)));
    list.append(...both("told", copy(table.caption.querySelector("small"))));
    if (filter) list.append(...both("wireshark", copy(filter)));
    out.replaceChildren(list);
  };

  const light = (tr, octet) => {
    for (const b of all(".hex b.lit, .hex b.sel")) b.classList.remove("lit", "sel");
    for (const r of all("tr.sel, .ladder .lit")) r.classList.remove("sel", "lit");
    for (const c of all(".cursor")) c.remove();
    row = tr;
    if (octet) octet.classList.add("sel");
    if (!tr) return;
    tr.classList.add("sel");
    for (const [id, there, from, n] of tr.closest("table").places) {
      const first = Math.max(from, tr.off), end = Math.min(from + n, tr.off + tr.size);
      if (first >= end) continue;
      if (id[0] === "p") {
        const rung = document.querySelector(`.ladder [data-step="${id.slice(1)}"]`);
        if (rung) rung.classList.add("lit");
        cursor(id, there + first - from, end - first);
      }
      const pre = block(id);
      for (let i = first; pre && i < end && i - from + there < pre.octets.length; i++)
        pre.octets[there + i - from].classList.add("lit");
    }
    read(tr);
  };

  // The same octets in the bar of the sequence space.
  const cursor = (id, at, n) => {
    const pre = $(id), bar = pre && pre.closest(".step").querySelector(".space");
    if (!bar || at < +bar.dataset.at) return;
    const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect"), whole = +bar.dataset.whole;
    const x = (+bar.dataset.off + at - +bar.dataset.at) * 600 / whole;
    rect.setAttribute("class", "cursor");
    rect.setAttribute("x", Math.floor(x));
    rect.setAttribute("width", Math.max(2, Math.round(n * 600 / whole)));
    rect.setAttribute("height", 14);
    bar.querySelector("svg").append(rect);
  };

  const say = () => {
    const step = steps[here], head = step.querySelector("h3").innerText, meaning = step.querySelector(".meaning");
    $("say").textContent = head + ". " + (meaning ? meaning.innerText : "");
  };

  // A step is seen from its beginning, also when the link was to one of its fields.
  const toTop = () => {
    if (matchMedia("(min-width: 66rem)").matches) scrollTo({ top: 0, behavior: "instant" });
    else steps[here].scrollIntoView({ block: "start", behavior: "instant" });
  };

  const go = (i, anchor, quiet) => {
    i = Math.max(0, Math.min(steps.length - 1, i));
    if (i !== here) {
      if (here >= 0) steps[here].classList.remove("now");
      here = i;
      const step = steps[here];
      step.classList.add("now");
      for (const m of marked) {
        m.classList.toggle("now", +m.dataset.step === number[here]);
        m.classList.toggle("past", +m.dataset.step < number[here]);
      }
      for (const a of bar) {
        const n = +a.textContent;
        a.classList.toggle("now", n === number[here]);
        a.classList.toggle("past", n < number[here]);
        if (n === number[here]) a.setAttribute("aria-current", "step"); else a.removeAttribute("aria-current");
      }
      for (const a of all(".ladder .rung")) a.tabIndex = a.parentNode.classList.contains("now") ? 0 : -1;
      $("where").textContent = number[here] + " / " + number[number.length - 1];
      for (const pre of all(".hex", step)) block(pre.id);
      step.querySelector(".bytes").append($("readout"));
      const rung = document.querySelector(".ladder .now"), box = $("ladder");
      if (rung && getComputedStyle(box).position === "sticky")
        box.scrollTop = rung.offsetTop - box.clientHeight / 2;
      if (!quiet) toTop();
      light(null);
      $("readout").replaceChildren(...copy($("word-hint")));
      if (home) ask();
      if (!quiet) say();
    }
    const field = anchor && fieldOf(anchor);
    if (field) {
      rows(field.closest("table"));
      light(field);
    }
    if (!quiet) history.replaceState(null, "", "#" + (field ? anchor : number[here]));
  };

  const move = (by) => {
    const list = all("table.fields", steps[here]).flatMap(rows), at = list.indexOf(row);
    const next = list[at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.max(0, Math.min(list.length - 1, at + by))];
    if (!next) return;
    light(next);
    history.replaceState(null, "", "#" + anchorOf(next));
    for (const b of all(".hex b.lit", steps[here]).slice(0, 1)) {
      const pre = b.closest("pre");
      pre.scrollTop = b.offsetTop - pre.offsetTop - pre.clientHeight / 2;
    }
  };

  // "#18", "#18/window".
  const follow = () => {
    const hash = decodeURIComponent(location.hash.slice(1)), i = number.indexOf(parseInt(hash, 10));
    if (i < 0) return false;
    go(i, hash);
    return true;
  };

  // "Ask": a step's question stands before it, and the rest waits for an answer.
  const asked = new Map(all(".question").map((q) => [+q.dataset.for, q])), home = $("asked");
  const ask = () => {
    const q = asked.get(number[here]), step = steps[here];
    for (const s of all(".step.wait")) s.classList.remove("wait");
    for (const other of asked.values()) if (other.parentNode !== home) home.append(other);
    if (!q || !$("ask").checked || q.answered) return;
    step.prepend(q);
    step.classList.add("wait");
    all("li", q).forEach((li, i) => {
      const button = document.createElement("button");
      button.append(...li.childNodes);
      button.type = "button";
      li.replaceChildren(button);
      button.addEventListener("click", () => {
        q.answered = true;
        li.classList.add("chosen");
        li.classList.toggle("right", i === +q.dataset.right);
        q.querySelector("details").open = true;
        step.classList.remove("wait");
      });
    });
    const first = q.querySelector("button");
    if (first) first.focus({ preventScroll: true });
  };

  const show = (at) => runs.forEach((r, i) => r.classList.toggle("now", i === at));
  const keys = {
    ArrowRight: () => go(here + 1), PageDown: () => go(here + 1),
    ArrowLeft: () => go(here - 1), PageUp: () => go(here - 1),
    Home: () => go(0), End: () => go(steps.length - 1), ArrowDown: () => move(1), ArrowUp: () => move(-1),
    s: () => $("spy").click(), a: () => home && $("ask").click(),
    l: () => $($("lang-en").checked ? "lang-zh" : "lang-en").click(),
  };
  addEventListener("keydown", (e) => {
    if (e.altKey || e.ctrlKey || e.metaKey || e.target.tagName === "SELECT" || e.target.type === "radio") return;
    if (!keys[e.key]) return;
    e.preventDefault();
    keys[e.key]();
  });
  const over = (e) => {
    const b = e.target.closest(".hex b"), tr = e.target.closest(".fields tbody tr");
    if (latch && e.type === "mouseover") return;
    if (b) {
      const pre = b.closest("pre"), found = fieldAt(pre.id, b.at);
      if (found) light(found, b);
      latch = e.type === "click" && found;
    } else if (tr) {
      rows(tr.closest("table"));
      light(tr);
      latch = e.type === "click";
    } else if (e.type === "click") latch = false;
  };
  $("steps").addEventListener("mouseover", over);
  $("steps").addEventListener("click", over);
  addEventListener("hashchange", follow);
  addEventListener("beforeprint", () => light(null));
  for (const [id, key] of [["first", "Home"], ["back", "ArrowLeft"], ["next", "ArrowRight"], ["last", "End"]])
    $(id).addEventListener("click", keys[key]);
  $("print").addEventListener("click", () => print());
  for (const radio of [$("lang-en"), $("lang-zh")])
    radio.addEventListener("change", () => { html.lang = $("lang-zh").checked ? "zh" : "en"; html.className =
      html.className.replace(/\b(en|zh)\b/, html.lang); });
  html.lang = $("lang-zh").checked ? "zh" : "en";
  if (home) $("ask").addEventListener("change", ask); else $("ask").closest("label").remove();
  if ($("runs")) {
    $("runs").addEventListener("change", (e) => show(e.target.selectedIndex));
    show(0);
  }
  for (const e of all(".scripted")) e.hidden = false;
  const linked = follow();
  addEventListener("load", () => linked && toTop());
  if (!linked) { const rest = location.hash; go(0, "", true); if (rest) location.replace(rest); }
})();
