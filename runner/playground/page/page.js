// The form, the list of the lesson's APIs, and window.playground for tests.
"use strict";

(() => {
  const by = (id) => document.getElementById(id);
  let version = -1;
  let sending = false;

  by("from-page").textContent = fill(say.FromPage, { origin: location.origin });
  headline("idle", say.Idle, say.IdleHint);

  // Headers: a row each.
  function addHeader(name = "", value = "") {
    const remove = element("button", { type: "button", class: "quiet", "aria-label": say.RemoveHeader }, "✕");
    const row = element("li", {},
      element("input", { class: "name", "aria-label": say.HeaderName, placeholder: say.HeaderName, autocomplete: "off", spellcheck: "false", maxlength: "4096" }),
      element("input", { class: "value", "aria-label": say.HeaderValue, placeholder: say.HeaderValue, autocomplete: "off", spellcheck: "false", maxlength: "4096" }),
      remove);
    row.querySelector(".name").value = name;
    row.querySelector(".value").value = value;
    remove.addEventListener("click", () => {
      row.remove();
      by("add").focus();
      summarize();
    });
    by("headers").append(row);
    return row;
  }

  const headers = () => [...by("headers").children].map((row) => ({ name: row.querySelector(".name").value, value: row.querySelector(".value").value })).filter(({ name, value }) => name !== "" || value !== "");

  // The form as a request. The browser's own parser makes of the URL what it sends.
  function read() {
    let url = by("url").value.trim();
    try {
      url = new URL(url).href.split("#")[0];
    } catch {
      // awslab says what is wrong with it
    }
    return {
      url, method: by("method").value.trim() || "GET", headers: headers(), body: by("body").value,
      credentials: by("credentials").value, mode: by("mode").value, redirect: by("redirect").value, from: by("from").value,
    };
  }

  function write(request) {
    by("url").value = request.url;
    by("method").value = request.method || "GET";
    by("headers").replaceChildren();
    for (const header of request.headers || []) {
      if (Array.isArray(header)) addHeader(header[0], header[1]);
      else addHeader(header.name, header.value);
    }
    by("body").value = request.body || "";
    by("credentials").value = request.credentials || "same-origin";
    by("mode").value = request.mode || "cors";
    by("redirect").value = request.redirect || "follow";
    by("from").value = request.from || "page";
    summarize();
  }

  // What the closed options hold that is not as usual.
  function summarize() {
    const { headers, body, credentials, mode, redirect, from } = read();
    const parts = headers.map(({ name }) => name);
    if (body) parts.push(say.Body);
    if (credentials !== "same-origin") parts.push("credentials: " + credentials);
    if (mode !== "cors") parts.push("mode: " + mode);
    if (redirect !== "follow") parts.push("redirect: " + redirect);
    if (from !== "page") parts.push("origin: null");
    by("summary").textContent = parts.join(" · ");
  }

  async function submit() {
    if (sending) return null;
    sending = true;
    by("send").setAttribute("aria-disabled", "true");
    by("refused").textContent = "";
    by("columns").hidden = true;
    headline("busy", say.Sending, "");
    try {
      const result = await attempt(read(), (outcome) => {
        by("browser").replaceChildren(theBrowser(outcome));
        by("hint").textContent = say.Asking;
      });
      const { tone, title, hint } = result.headline;
      by("wire").replaceChildren(...theWire(result));
      by("verdict").replaceChildren(...theVerdict(result));
      by("columns").hidden = false;
      headline(tone, title, hint, result.verdict.state === "undecided" ? "" : result.verdict.step.text);
      reveal();
      return result;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      by("refused").textContent = error.message;
      headline("unsure", say.NotSent, "");
      return { refused: error.message };
    } finally {
      sending = false;
      by("send").removeAttribute("aria-disabled");
    }
  }

  // reveal brings the outcome into view where the form fills the screen.
  function reveal() {
    const box = by("outcome").getBoundingClientRect();
    if (box.top < 0 || box.bottom > innerHeight) {
      by("outcome").scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    }
  }

  // The lesson's APIs, and what it judges of them.
  function list(apis) {
    const presets = [], urls = [], notes = [];
    for (const api of apis) {
      if (api.missing) notes.push(api.missing);
      if (!api.url) continue;
      urls.push(element("option", { value: api.url }));
      for (const cases of alike(api.cases)) presets.push(preset(api, cases));
    }
    if (!apis.length) notes.push(say.NoPresets);
    by("presets").replaceChildren(...presets);
    by("urls").replaceChildren(...urls);
    by("presets-note").replaceChildren(...notes.map((note) => prose("span", note)));
    if (!by("url").value && urls.length) by("url").value = urls[0].value;
  }

  // alike groups the cases that are the same request from here, whatever origin the
  // lesson judges them from.
  function alike(cases) {
    const groups = new Map();
    for (const one of cases.length ? cases : [{ method: "GET", headers: [], credentials: false, origin: "" }]) {
      const key = JSON.stringify([one.method, one.headers, one.credentials, one.origin === "null"]);
      groups.set(key, [...(groups.get(key) || []), one]);
    }
    return [...groups.values()];
  }

  function preset(api, cases) {
    const [one] = cases;
    const parts = [element("span", { class: "method" }, one.method), " ", code(api.path)];
    for (const header of one.headers) parts.push(" ", element("span", { class: "tag" }, header.name));
    if (one.credentials) parts.push(" ", element("span", { class: "tag" }, "credentials"));
    if (one.origin === "null") parts.push(" ", element("span", { class: "tag" }, "origin null"));
    const button = element("button", { type: "button", class: "preset" }, ...parts);
    button.addEventListener("click", () => {
      write({
        url: api.url, method: one.method, headers: one.headers, credentials: one.credentials ? "include" : "same-origin",
        from: one.origin === "null" ? "frame" : "page",
      });
      const goals = cases.filter(({ origin }) => origin && origin !== "null").map(({ origin, allowed }) => fill(say.CaseGoal, { origin, goal: allowed ? say.PresetAllowed : say.PresetBlocked }));
      const elsewhere = cases.some(({ origin }) => origin && origin !== "null" && origin !== location.origin);
      by("presets-note").textContent = elsewhere ? goals.join(" ") + " " + fill(say.CaseOrigin, { own: location.origin }) : "";
      by("send").focus();
    });
    return element("li", {}, button);
  }

  // refresh asks for the list; a new API that this page may not reach yet has it load again.
  async function refresh(after) {
    const told = await ask(after === undefined ? "apis" : "apis?after=" + after);
    if (!told) return;
    version = told.version;
    if (told.reach.some((source) => !data.reach.includes(source))) {
      sessionStorage.setItem("request", JSON.stringify(read()));
      location.reload();
      return;
    }
    list(told.apis);
  }

  async function follow() {
    for (;;) {
      try {
        await refresh(version);
      } catch (error) {
        by("presets-note").textContent = error.message;
        return;
      }
    }
  }

  by("form").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  by("form").addEventListener("input", summarize);
  by("add").addEventListener("click", () => addHeader().querySelector("input").focus());
  by("refresh").addEventListener("click", () => refresh().catch((error) => (by("presets-note").textContent = error.message)));
  by("copy").addEventListener("click", async () => {
    await navigator.clipboard.writeText(location.origin);
    by("copy").textContent = say.Copied;
    setTimeout(() => (by("copy").textContent = say.Copy), 2000);
  });

  const kept = sessionStorage.getItem("request");
  if (kept) {
    sessionStorage.removeItem("request");
    write(JSON.parse(kept));
  }

  const ready = (async () => {
    try {
      await refresh();
      follow();
    } catch (error) {
      by("presets-note").textContent = error.message;
    }
  })();

  // send fills the form in and submits it, for tests; it gives what the page was told:
  // outcome (the browser's), verdict, wire, agree, differs, headline; or refused.
  window.playground = {
    ready,
    send: async (request) => {
      await ready;
      write(request);
      return submit();
    },
  };
})();
