// The panels below the inspector. A key that is chosen lights what it is made of, and the steps whose records it
// sealed; plots have a cursor at the step shown; what is folded opens for paper, and for who follows a link to it.
(function () {
  "use strict";
  function all(selector, act) { document.querySelectorAll(selector).forEach(act); }

  function light(box) {
    all("#keys .lit, #ladder .lit, #bar .lit", function (x) { x.classList.remove("lit"); });
    box.dataset.lights.trim().split(" ").forEach(function (id) {
      var x = document.getElementById("keys-lit-" + id);
      if (x) { x.classList.add("lit"); }
    });
    box.dataset.litSteps.split(" ").forEach(function (step) {
      if (step) {
        all("#ladder [data-step='" + step + "'], #bar [href='#" + step + "']", function (x) {
          x.classList.add("lit");
        });
      }
    });
  }
  all("[data-lights]", function (box) {
    box.parentNode.addEventListener("click", function () { light(box); });
    box.parentNode.addEventListener("focus", function () { light(box); });
  });

  function moveCursor(step) {
    all(".plots", function (plots) {
      var x = plots.dataset.cursor.split(" ")[step - 1];
      plots.querySelectorAll(".upright").forEach(function (cursor) {
        cursor.classList.toggle("shown", x !== undefined);
        if (x !== undefined) { cursor.setAttribute("transform", "translate(" + x + ")"); }
      });
    });
  }
  // The step shown is the one that the bar marks.
  function see() {
    var now = document.querySelector("#bar a.now");
    if (now) { moveCursor(parseInt(now.textContent, 10)); }
  }
  if (document.getElementById("bar")) {
    new MutationObserver(see).observe(document.getElementById("bar"),
      { subtree: true, attributes: true, attributeFilter: ["class"] });
  }
  function follow() {
    var x = document.getElementById(decodeURIComponent(location.hash.slice(1))), shut = x && x.closest("details");
    if (!shut) { return; }
    for (; shut; shut = shut.parentNode.closest("details")) { shut.open = true; }
    x.scrollIntoView();
  }
  window.addEventListener("hashchange", follow);

  all("details.fold", function (x) { x.open = false; });
  window.addEventListener("beforeprint", function () {
    all("details.fold:not([open])", function (x) { x.open = true; x.classList.add("was-shut"); });
  });
  window.addEventListener("afterprint", function () {
    all(".was-shut", function (x) { x.open = false; x.classList.remove("was-shut"); });
  });
  see();
  follow();
})();
