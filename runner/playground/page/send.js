// One attempt: it is announced to awslab, the browser sends the request, and awslab
// is told what the browser did. Nothing is added to the request itself.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const pageID = crypto.randomUUID(); // of this load of the page

class Refused extends Error {}

// ask asks awslab itself.
async function ask(path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method: body ? "POST" : "GET", mode: "same-origin", credentials: "omit", cache: "no-store",
      headers: { "X-Awslab-Token": data.token, ...(body ? { "Content-Type": "application/json" } : {}) },
      body: body ? JSON.stringify(body) : undefined,
    });
  } catch {
    throw new Refused(data.say.Unreachable);
  }
  if (answer.status === 204) return null;
  if (answer.status === 403) throw new Refused(data.say.OldPage);
  let told;
  try {
    told = await answer.json();
  } catch {
    throw new Refused(answer.status === 413 ? data.say.Refused.field : data.say.Unreachable);
  }
  if (!answer.ok) throw new Refused(told.refused);
  return told;
}

// attempt sends a request from the page or from the frame. progress is told the
// browser's outcome as soon as there is one.
async function attempt(request, progress) {
  const { body, from, ...announced } = request;
  const { attempt: number } = await ask("attempt", {
    ...announced, page: pageID, origin: from === "frame" ? "null" : location.origin, body: body !== "",
  });
  const sent = { ...request, patience: data.patience };
  const outcome = from === "frame" ? await fromFrame(sent) : await sendRequest(sent);
  progress(outcome);
  const result = await ask("verdict", {
    attempt: number, page: pageID,
    outcome: {
      kind: outcome.kind, type: outcome.type || "", status: outcome.status || 0, error: outcome.error || "",
      names: (outcome.headers || []).map((header) => header.name),
    },
  });
  return { outcome, ...result };
}

// fromFrame has the sandboxed frame send it.
function fromFrame(request) {
  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    const timer = setTimeout(() => reject(new Refused(data.say.FrameLost)), (data.patience + 3) * 1000);
    port1.onmessage = ({ data: outcome }) => {
      clearTimeout(timer);
      port1.close();
      resolve(outcome);
    };
    document.getElementById("frame").contentWindow.postMessage(request, "*", [port2]); // its origin is null
  });
}
