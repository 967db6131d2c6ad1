// What is shown of an attempt. Everything that comes from elsewhere is put in as text.
"use strict";

// element makes one; children are elements and texts.
function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "class") made.className = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

// prose is a sentence, with what stands in backquotes as code.
function prose(name, sentence, properties = {}) {
  const parts = sentence.split("`").map((part, i) => (i % 2 ? element("code", {}, part) : part));
  return element(name, properties, ...parts);
}

const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));

const say = data.say;
const signs = { good: "✓", bad: "✕", plain: "○", unsure: "?", idle: "→", busy: "…" };

// headline is what the eye meets first, and what a screen reader says.
function headline(tone, title, hint, rule) {
  document.getElementById("outcome").className = "outcome " + tone;
  document.getElementById("sign").textContent = signs[tone];
  document.getElementById("headline").replaceChildren(...prose("i", title).childNodes);
  document.getElementById("hint").replaceChildren(...prose("i", hint).childNodes);
  const line = document.getElementById("rule");
  line.hidden = !rule;
  line.replaceChildren(...(rule ? prose("i", rule).childNodes : []));
}

function rows(pairs) {
  const list = element("dl");
  for (const [label, value] of pairs) {
    if (!value) continue;
    list.append(element("dt", {}, label), element("dd", {}, ...(Array.isArray(value) ? value : [value])));
  }
  return list;
}

const code = (text) => element("code", {}, String(text));
const names = (list) => (list.length ? list.map((name) => code(name)) : say.NothingReadable);

// theBrowser is what the page itself saw.
function theBrowser(outcome) {
  if (outcome.kind !== "response") return rows([[say.Error, [code(outcome.error + ": " + outcome.message)]], [say.Took, outcome.took + " ms"]]);
  return rows([
    [say.Status, [code(outcome.status)]],
    [say.Type, [code(outcome.type)]],
    [say.Readable, headerList(outcome.headers)],
    [say.BodyStart, outcome.body ? [element("pre", { tabindex: "0" }, outcome.body)] : ""],
    [say.Took, outcome.took + " ms"],
  ]);
}

function headerList(headers) {
  if (!headers.length) return say.NothingReadable;
  return [element("ul", { class: "lines" }, ...headers.map(({ name, value }) => element("li", {}, element("code", {}, element("b", {}, name + ":"), " " + value))))];
}

// theWire is what awslab knows of what was sent and answered.
function theWire(result) {
  const made = [element("p", { class: "note" }, result.traced ? say.WireTrace : say.WireAsked)];
  if (!result.wire.length) made.push(element("p", {}, result.traced ? say.NothingSent : say.Unseen));
  for (const one of result.wire) {
    // Of a request without an Origin nobody noted such headers.
    const cors = one.answer.some(({ name }) => name.startsWith("access-control-"));
    made.push(
      element("article", { class: "exchange" },
        element("h4", {}, element("span", { class: "tag" }, one.preflight ? say.Preflight : say.Actual), " ", code(one.method + " " + one.url)),
        headerBlock(one.sent),
        element("p", { class: "answered" }, element("span", { class: "label" }, say.Answer), " ", code(one.status || "—")),
        one.answer.length ? headerBlock(one.answer) : "",
        cors || !one.sent.length ? "" : element("p", { class: "absent" }, say.NoCORS),
      ));
  }
  return made;
}

function headerBlock(headers) {
  return element("ul", { class: "lines" }, ...headers.map(({ name, value }) => element("li", {}, element("code", {}, element("b", {}, name + ":"), " " + value))));
}

// theVerdict is what the standard says, and whether the browser did it.
function theVerdict(result) {
  const verdict = result.verdict;
  const made = [];
  if (verdict.state === "undecided") {
    made.push(element("p", { class: "unsure-text" }, say.Undecided), prose("p", verdict.unknown, { class: "why" }), element("p", { class: "note" }, say.NotJudged));
  }
  made.push(rows([
    [say.Class, verdict.className && [prose("span", verdict.className, { class: "strong" })]],
    [say.Reason, verdict.why.text && [prose("span", verdict.why.text), section(verdict.why)]],
    [say.PreflightLabel, verdict.class === "simple" || verdict.class === "preflighted" ? verdict.preflightName : ""],
    [say.Decided, verdict.state !== "undecided" && verdict.step.text && [prose("span", verdict.step.text), section(verdict.step)]],
    [say.Readable, verdict.state === "allowed" ? names(verdict.readable) : ""],
    [say.Dropped, verdict.dropped.length ? names(verdict.dropped) : ""],
  ]));
  if (result.agree === true) made.push(element("p", { class: "agree" }, say.Agree));
  if (result.agree === false) made.push(element("p", { class: "differ" }, say.Differ));
  if (result.differs.length) made.push(element("ul", { class: "differs" }, ...result.differs.map(({ text }) => prose("li", text))));
  return made;
}

function section(step) {
  const words = fill(say.Standard, { section: step.section });
  if (!step.address) return element("small", {}, words);
  return element("small", {}, element("a", { href: step.address, target: "_blank", rel: "noreferrer noopener" }, words));
}
