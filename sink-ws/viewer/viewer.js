// The viewer: newest picture on a canvas, and an honest word about how old it is.
//
// The server sends JPEGs as binary messages and two kinds of JSON: "hello" (what is shown) and "state" (how the
// renderer is). Nothing is sent back but pongs, which the browser does by itself.
"use strict";
(() => {
  const SILENCE_MS = 12000; // the server says something every 5 s
  const RETRY_MS = [250, 8000]; // doubling from the first to the second
  const RATE_WINDOW_MS = 5000;
  const RATE_SPAN_MS = 1500; // from the first to the last picture that a rate is reckoned from
  const IDLE_MS = 3000;
  const HIDDEN_MS = 10000; // a tab that nobody sees costs the machine nothing after this

  const body = document.body;
  const element = (id) => document.getElementById(id);
  const canvas = element("picture");
  const context = canvas.getContext("2d", { alpha: false });

  let socket = null;
  let isOpen = false;
  let isPaused = false;
  let retry_ms = RETRY_MS[0];
  let retryAt = 0;
  let retryTimer = 0;
  let hiddenTimer = 0;
  let heardAt = 0;
  let version = null;
  let link = { link: "connected", since: performance.now() };
  let paintedAt = [];
  let frames = 0;
  let pending = null;
  let isDecoding = false;

  // Connection.

  function address() {
    const url = new URL("ws", location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const token = new URLSearchParams(location.search).get("token");
    url.search = token ? "?token=" + encodeURIComponent(token) : "";
    url.hash = "";
    return url;
  }

  function connect() {
    clearTimeout(retryTimer);
    retryAt = 0;
    if (socket || isPaused) return;
    const mine = new WebSocket(address());
    mine.binaryType = "blob";
    heardAt = performance.now();
    mine.onmessage = (event) => {
      if (socket !== mine) return;
      isOpen = true;
      heardAt = performance.now();
      retry_ms = RETRY_MS[0];
      if (typeof event.data === "string") hear(JSON.parse(event.data));
      else show(event.data);
    };
    mine.onclose = () => lose(mine);
    socket = mine;
  }

  function lose(mine) {
    if (socket !== mine) return;
    socket = null;
    isOpen = false;
    if (!isPaused) {
      const wait_ms = retry_ms * (0.8 + 0.4 * Math.random());
      retry_ms = Math.min(retry_ms * 2, RETRY_MS[1]);
      retryAt = performance.now() + wait_ms;
      retryTimer = setTimeout(connect, wait_ms);
    }
    draw();
  }

  function drop() {
    const old = socket;
    if (!old) return;
    old.close();
    lose(old); // its own close event may take minutes when the other end is gone
  }

  function hear(message) {
    if (message.type === "hello") {
      // A newer server has a newer page.
      if (version !== null && version !== message.version) location.reload();
      version = message.version;
      element("name").textContent = message.display_name;
      document.title = message.display_name + " · casedd";
      if (canvas.hidden) fit(message.width, message.height);
    } else if (message.type === "state") {
      link = { link: message.link, since: performance.now() - message.since_ms };
    }
    draw();
  }

  // Pictures: one is decoded at a time, and only the newest waits.

  async function show(blob) {
    pending = blob;
    if (isDecoding) return;
    isDecoding = true;
    while (pending) {
      const next = pending;
      pending = null;
      try {
        paint(await createImageBitmap(next));
      } catch {
        // A picture that cannot be decoded: the last one stays.
      }
    }
    isDecoding = false;
  }

  function paint(bitmap) {
    if (canvas.width !== bitmap.width || canvas.height !== bitmap.height || canvas.hidden) {
      fit(bitmap.width, bitmap.height);
    }
    context.drawImage(bitmap, 0, 0);
    bitmap.close();
    canvas.hidden = false;
    frames += 1;
    paintedAt.push(performance.now());
    if (paintedAt.length > 600) paintedAt.shift();
    draw();
  }

  function fit(width, height) {
    canvas.width = width;
    canvas.height = height;
    document.documentElement.style.setProperty("--ratio", String(width / height));
  }

  // What is said about it.

  function state() {
    if (!isOpen) return retryAt || frames ? "lost" : "waiting";
    if (link.link !== "connected") return "stale";
    return frames ? "live" : "waiting";
  }

  function draw() {
    const now = performance.now();
    const word = state();
    body.dataset.state = word;
    body.dataset.frames = String(frames);
    body.classList.toggle("empty", frames === 0);
    put("waiting-text", frames ? "" : waitingText(word));
    if (word === "stale") {
      put("notice-title", "Stale");
      const whose = link.link === "lost" ? "no renderer for " : "the renderer has been silent for ";
      put("notice-text", whose + span(now - link.since));
    } else if (word === "lost") {
      const wait = Math.ceil((retryAt - now) / 1000);
      put("notice-title", "Lost");
      put("notice-text", wait > 0 ? "the server is away, trying again in " + wait + " s" : "the server is away, trying again");
    }
    put("facts", facts(now, word));
  }

  function waitingText(word) {
    if (word === "lost") return "The server does not answer";
    if (word === "stale") return "Waiting for the renderer";
    return isOpen ? "Waiting for the first picture" : "Connecting";
  }

  function facts(now, word) {
    if (!paintedAt.length) return "";
    const last = paintedAt[paintedAt.length - 1];
    const recent = paintedAt.filter((at) => last - at <= RATE_WINDOW_MS);
    const age = now - last;
    const parts = [];
    // Two pictures that came together are no rate.
    if (word === "live" && last - recent[0] >= RATE_SPAN_MS && age < RATE_WINDOW_MS) {
      parts.push((((recent.length - 1) * 1000) / (last - recent[0])).toFixed(1) + " fps");
    }
    if (age >= 2000) parts.push("picture from " + span(age) + " ago");
    return parts.join(" · ");
  }

  function span(ms) {
    const seconds = Math.max(0, Math.floor(ms / 1000));
    if (seconds < 60) return seconds + " s";
    if (seconds < 3600) return Math.floor(seconds / 60) + " min";
    return Math.floor(seconds / 3600) + " h " + (Math.floor(seconds / 60) % 60) + " min";
  }

  function put(id, text) {
    const target = element(id);
    if (target.textContent !== text) target.textContent = text;
  }

  // Window.

  const root = document.documentElement;
  const full = element("full");
  full.hidden = !document.fullscreenEnabled;
  function toggleFull() {
    if (full.hidden) return;
    if (document.fullscreenElement) document.exitFullscreen();
    else root.requestFullscreen({ navigationUI: "hide" }).catch(() => {});
  }
  full.addEventListener("click", toggleFull);
  element("stage").addEventListener("dblclick", toggleFull);
  addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "f" && !event.ctrlKey && !event.metaKey && !event.altKey) toggleFull();
    stir();
  });

  let idleTimer = 0;
  function stir() {
    body.classList.remove("idle");
    clearTimeout(idleTimer);
    idleTimer = setTimeout(() => body.classList.add("idle"), IDLE_MS);
  }
  for (const kind of ["pointermove", "pointerdown", "touchstart"]) addEventListener(kind, stir, { passive: true });

  document.addEventListener("visibilitychange", () => {
    clearTimeout(hiddenTimer);
    if (document.hidden) {
      hiddenTimer = setTimeout(() => {
        isPaused = true;
        clearTimeout(retryTimer);
        drop();
      }, HIDDEN_MS);
    } else {
      isPaused = false;
      retry_ms = RETRY_MS[0];
      connect();
    }
  });
  addEventListener("online", connect);

  setInterval(() => {
    if (socket && performance.now() - heardAt > SILENCE_MS) drop();
    draw();
  }, 500);

  if (new URLSearchParams(location.search).has("bare")) body.classList.add("bare");
  stir();
  draw();
  connect();
})();
