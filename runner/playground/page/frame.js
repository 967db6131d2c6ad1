// The sandboxed frame sends what its page asks it to send. Its origin is null.
"use strict";

addEventListener("message", async (event) => {
  if (event.source !== parent || !event.ports[0]) return;
  event.ports[0].postMessage(await sendRequest(event.data));
});
