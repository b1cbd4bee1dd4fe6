// The service worker of screens, at /kiosk/worker.js, which puts RELEASE, STARTING and FILES before this. It has one job: a screen
// that starts without a server or a network shows a page that says so and keeps trying, and not the browser's error page.
// It keeps that page and what it is made of. What is live it never answers: boards, fragments and heartbeats come from the server.

const NAME = `airside-kiosk-${RELEASE}`;
const PATIENCE = 5000; // ms for an answer

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll([STARTING, ...FILES].map((url) => new Request(url, { cache: "reload" })))));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(deleteOld());
});

// It takes over when a page is about to reload (reloads.js): so a page and its worker are of one release.
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request.url));
  else if (FILES.includes(pathname)) event.respondWith(file(request));
});

async function deleteOld() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("airside-kiosk-") && name !== NAME && name !== "airside-kiosk-last");
  await Promise.all(old.map((name) => caches.delete(name)));
}

// Redirects are followed here, where one to the sign-in page of a network fails: the browser would go there and stay there.
async function page(url) {
  try {
    const answer = await fetch(url, { cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.headers.get("Airside-Kiosk")) return await starting();
    return answer.redirected ? Response.redirect(answer.url) : answer;
  } catch {
    return await starting();
  }
}

async function file(request) {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok) return answer;
  } catch {
    // from the cache
  }
  return (await caches.match(request.url, { cacheName: NAME })) || Response.error();
}

async function starting() {
  return (await caches.match(STARTING, { cacheName: NAME })) || Response.error();
}
