// Says beside the venue's time when a session is on the reader's own clock, where that shows another time then:
// <span data-own-time="2026-11-20T19:00-05:00" data-minutes="45" data-words="%s your time" hidden></span> becomes "Sat 01:00–01:45 your time".
(() => {
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

  function say() {
    const [clock, withDay] = [time, { weekday: "short", ...time }].map((parts) => new Intl.DateTimeFormat(document.documentElement.lang, parts));
    for (const element of document.querySelectorAll("[data-own-time]")) {
      const { ownTime, minutes, words } = element.dataset;
      const begins = new Date(ownTime);
      const here = new Date(begins - begins.getTimezoneOffset() * 60000).toISOString();
      element.hidden = here.startsWith(ownTime.slice(0, 16));
      const isSameDay = here.slice(0, 10) === ownTime.slice(0, 10);
      const ends = new Date(begins.getTime() + minutes * 60000);
      const text = words.replace("%s", `${(isSameDay ? clock : withDay).format(begins)}–${clock.format(ends)}`);
      if (element.textContent !== text) element.textContent = text;
    }
  }

  document.addEventListener("htmx:after:swap", say);
  say();
})();
