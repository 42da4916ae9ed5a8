"use strict";
(function () {
  var page = document.documentElement, button = document.getElementById("switch");
  function show(language) {
    var other = language === "fr" ? "en" : "fr";
    page.lang = language;
    document.title = page.getAttribute("data-title-" + language);
    button.lang = other;
    button.textContent = button.getAttribute("data-" + other);
    document.querySelectorAll("svg[data-fr]").forEach(function (figure) {
      figure.setAttribute("aria-labelledby", figure.getAttribute("data-" + language));
    });
    document.querySelectorAll("[data-text-fr]").forEach(function (choice) {
      choice.textContent = choice.getAttribute("data-text-" + language);
    });
    document.querySelectorAll("a[href]").forEach(function (link) {
      var address = link.getAttribute("href"), parts = /^([^?#:]*\.html)(?:\?lang=en)?(#.*)?$/.exec(address);
      if (parts) { link.setAttribute("href", parts[1] + (language === "en" ? "?lang=en" : "") + (parts[2] || "")); }
    });
    document.querySelectorAll("[data-label-fr]").forEach(function (region) {
      region.setAttribute("aria-label", region.getAttribute("data-label-" + language));
    });
  }
  button.hidden = false;
  button.addEventListener("click", function () { show(page.lang === "fr" ? "en" : "fr"); });
  if (/[?&]lang=en(&|$)/.test(location.search)) { show("en"); }
})();
