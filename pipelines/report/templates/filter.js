"use strict";
(function () {
  function attach(form) {
    var table = document.getElementById(form.getAttribute("data-table"));
    var rows = Array.prototype.slice.call(table.tBodies[0].rows);
    var choices = Array.prototype.slice.call(form.querySelectorAll("select"));
    var shown = form.querySelector("[data-shown]"), none = form.querySelector("[data-none]");
    function apply() {
      var count = 0;
      rows.forEach(function (row) {
        row.hidden = !choices.every(function (choice) {
          var words = (row.getAttribute("data-" + choice.name) || "").split(" ");
          return choice.value === "" || words.indexOf(choice.value) >= 0;
        });
        count += row.hidden ? 0 : 1;
      });
      shown.textContent = count;
      none.hidden = count > 0;
    }
    form.hidden = false;
    form.addEventListener("change", apply);
    form.addEventListener("reset", function () { setTimeout(apply); });
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    apply();
  }
  document.querySelectorAll("form.filters").forEach(attach);
})();
