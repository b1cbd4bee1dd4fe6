// The seat map is the same for everybody: this marks one's own seats on it, and lets arrow keys walk from seat to seat.
//
// Which seats are one's own stands on the radio buttons of the travellers: data-seat, data-number and data-words.
(() => {
  const rowsOf = () => [...document.querySelectorAll(".map-row")];
  const seatsOf = (row) => [...row.querySelectorAll("button.seat")];
  const travellers = () => [...document.querySelectorAll('.my-seats input[name="traveller"]')];
  let chosen = null; // the value of the chosen traveller: what is pushed must not change it
  let current = null; // the seat that Tab reaches

  function update() {
    keepTraveller();
    const mine = new Map(travellers().map((radio) => [radio.dataset.seat, radio]));
    const seats = [...document.querySelectorAll(".map-row button.seat")];
    for (const seat of seats) mark(seat, mine.get(seat.value));
    const chosenSeat = travellers().find((radio) => radio.checked)?.dataset.seat;
    if (!seats.some((seat) => seat.value === current)) current = chosenSeat || seats[0]?.value;
    for (const seat of seats) seat.tabIndex = seat.value === current ? 0 : -1;
  }

  function keepTraveller() {
    const radio = travellers().find((each) => each.value === chosen);
    if (radio) radio.checked = true;
    chosen = travellers().find((each) => each.checked)?.value ?? null;
  }

  function mark(seat, radio) {
    seat.classList.toggle("is-mine", Boolean(radio));
    seat.classList.toggle("is-chosen", Boolean(radio?.checked));
    if (radio) {
      seat.dataset.number = radio.dataset.number;
      seat.setAttribute("aria-label", radio.dataset.words);
    } else if ("number" in seat.dataset) {
      delete seat.dataset.number;
      seat.removeAttribute("aria-label");
    }
  }

  const column = (seat) => [...seat.parentElement.children].indexOf(seat);

  function next(seat, key) {
    const row = seat.closest(".map-row");
    const inRow = seatsOf(row);
    if (key === "ArrowLeft") return inRow[inRow.indexOf(seat) - 1];
    if (key === "ArrowRight") return inRow[inRow.indexOf(seat) + 1];
    if (key === "Home") return inRow[0];
    if (key === "End") return inRow.at(-1);
    const rows = rowsOf().filter((each) => seatsOf(each).length);
    const other = rows[rows.indexOf(row) + (key === "ArrowUp" ? -1 : 1)];
    const far = (each) => Math.abs(column(each) - column(seat));
    return other && seatsOf(other).reduce((best, each) => (far(each) < far(best) ? each : best));
  }

  document.addEventListener("keydown", (event) => {
    const seat = event.target.closest?.(".map-row button.seat");
    if (!seat || !["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"].includes(event.key)) return;
    event.preventDefault();
    const to = next(seat, event.key);
    if (!to) return;
    current = to.value;
    update();
    to.focus();
  });

  document.addEventListener("click", (event) => {
    const seat = event.target.closest?.(".map-row button.seat");
    if (seat) current = seat.value;
  });

  document.addEventListener("change", (event) => {
    if (!event.target.matches?.('.my-seats input[name="traveller"]')) return;
    chosen = event.target.value;
    update();
  });

  document.addEventListener("htmx:after:swap", update);
  update();
})();
