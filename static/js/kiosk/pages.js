// Which rows of a board are on the glass, and which come next: airside.Pages. It knows ids and moments, no elements.
//
// Every row is seen in a full turn, although rows come, go and move meanwhile. So it goes by the rows that were seen, and not by
// numbers: the next page begins with the first row below that was not seen in this turn. A row that comes above the page waits for
// the next turn, so rows that keep coming can't hold back those at the end. One that has waited longer than a turn, since it was
// moved from below the page to above it, is gone back for.
(() => {
  const LOOK = 2000; // ms on the glass after which a row was seen

  class Pages {
    constructor(size) {
      this.size = size; // rows of a page
      this.shownPages = 0;
      this.turns = 0; // completed
      this.seen = new Set(); // in this turn
      this.waits = new Map(); // id → shownPages when it came, or was last seen
      this.since = new Map(); // id → when it came onto this page
      this.start = 0;
      this.first = null; // the row that the page begins with; null where that is whatever row is first
      this.resume = null; // the row to go on with, after going back
    }

    // What the page shows of these rows now. Called whenever they have changed: the page keeps its place among them.
    shown(ids, now) {
      const place = ids.indexOf(this.first);
      this.begin(ids, place < 0 ? this.start : place);
      const shown = ids.slice(this.start, this.start + this.size);
      this.waits = new Map(ids.map((id) => [id, this.waits.has(id) ? this.waits.get(id) : this.shownPages]));
      const since = new Map(shown.map((id) => [id, this.since.has(id) ? this.since.get(id) : now]));
      this.look(now, (id) => !since.has(id));
      this.since = since;
      return shown;
    }

    // The page has been on the glass for its time: what is shown after it.
    next(ids, now) {
      this.shown(ids, now);
      this.look(now, () => true);
      this.since = new Map();
      this.shownPages += 1;
      const from = Math.max(this.start, ids.indexOf(this.resume));
      let next = ids.findIndex((id, place) => place >= from && !this.seen.has(id));
      if (next < 0) {
        next = 0;
        this.turns += 1;
        this.seen = new Set();
      }
      const back = this.overdue(ids, next);
      this.resume = back < 0 ? null : ids[next];
      this.begin(ids, back < 0 ? next : back);
      return this.shown(ids, now);
    }

    // For people: rows 9–16 of 50, page 2 of 7.
    where(ids) {
      const pages = Math.max(1, Math.ceil(ids.length / this.size));
      const last = Math.min(ids.length, this.start + this.size);
      return { first: Math.min(this.start + 1, last), last, rows: ids.length, page: Math.max(1, Math.ceil(last / this.size)), pages };
    }

    begin(ids, place) {
      this.start = Math.max(0, Math.min(place, ids.length - this.size));
      this.first = this.start ? ids[this.start] : null;
    }

    look(now, which) {
      for (const [id, came] of this.since) {
        if (!which(id) || now - came < LOOK) continue;
        this.seen.add(id);
        if (this.waits.has(id)) this.waits.set(id, this.shownPages);
      }
    }

    waited(id) {
      return this.shownPages - this.waits.get(id);
    }

    // The place of the page that has the row which has waited for more than a turn, if the next page has it not; else -1.
    // Of the pages that have it, the one whose rows have waited longest.
    overdue(ids, next) {
      const pages = Math.ceil(ids.length / this.size);
      const longest = ids.reduce((found, id, place) => (this.waited(id) > this.waited(ids[found]) ? place : found), 0);
      if (!ids.length || this.waited(ids[longest]) <= pages || (longest >= next && longest < next + this.size)) return -1;
      const all = (place) => ids.slice(place, place + this.size).reduce((sum, id) => sum + this.waited(id), 0);
      let best = longest;
      for (let place = Math.max(0, longest - this.size + 1); place < longest; place++) if (all(place) > all(best)) best = place;
      return best;
    }
  }

  window.airside = { ...window.airside, Pages };
})();
