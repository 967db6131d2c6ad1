// sendRequest sends one request as the script of any page does, and says what
// became of it. The page and its sandboxed frame have it in common.
"use strict";

async function sendRequest(request) {
  const init = {
    method: request.method,
    headers: request.headers.map(({ name, value }) => [name, value]),
    credentials: request.credentials,
    mode: request.mode,
    redirect: request.redirect,
    // No cache mode: with every other one Chromium forgets what a preflight answered.
    // As every page has it that says nothing else. Without a referrer, a no-cors POST
    // would carry Origin: null.
    referrerPolicy: "strict-origin-when-cross-origin",
  };
  if (request.body !== "") init.body = request.body;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), request.patience * 1000);
  const began = performance.now();
  const took = () => Math.round(performance.now() - began);
  try {
    const response = await fetch(request.url, { ...init, signal: late.signal });
    const outcome = {
      kind: "response", type: response.type, status: response.status, redirected: response.redirected, url: response.url,
      headers: [...response.headers].map(([name, value]) => ({ name, value })), took: took(),
    };
    outcome.body = await beginning(response);
    return outcome;
  } catch (error) {
    return { kind: late.signal.aborted ? "late" : "error", error: error.name, message: error.message, took: took() };
  } finally {
    clearTimeout(timer);
  }
}

// beginning reads the first of a body, and no more.
async function beginning(response) {
  const most = 2000;
  if (!response.body) return "";
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    while (text.length < most) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
    if (text.length >= most) await reader.cancel();
  } catch {
    // What broke off is shown as far as it came.
  }
  return text.slice(0, most);
}
