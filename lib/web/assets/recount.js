// Counts a published round again in the visitor's own browser, by the rule of the stand-alone recount.py: whole
// numbers and exact fractions only (BigInt). SHA-256 stands here because a browser lends its own to https only.
"use strict";
const recountRound = (() => {
  const SIDES = ["residents", "officers"];
  const NOT_BLANK = { "none": 0, "one or two": 1, "three or more": 3 };
  const FROZEN = ["round", "question", "mode", "rule", "rule_sentence", "places", "thresholds", "officers_figures"];

  // Fractions are pairs [numerator, denominator] of BigInt, the denominator above zero.
  const greatest = (a, b) => { while (b) [a, b] = [b, a % b]; return a < 0n ? -a : a; };
  const fraction = (top, bottom) => { const by = greatest(top, bottom) || 1n; return [top / by, bottom / by]; };
  const less = (a, b) => { const x = a[0] * b[1], y = b[0] * a[1]; return x < y ? -1 : x > y ? 1 : 0; };
  const sum = (a, b) => fraction(a[0] * b[1] + b[0] * a[1], a[1] * b[1]);

  // `frozen` as in frozen.json, `ballots` as in ballots.json, `witnessed` and `dice` as in result.json.
  function count(frozen, ballots, witnessed, dice) {
    const goals = frozen.candidates.map((candidate) => candidate.goal);
    const places = frozen.places, numberOf = new Map(goals.map((goal, number) => [goal, number]));
    const cast = {}, blank = {}, yes = {};
    for (const side of SIDES) {
      yes[side] = goals.map(() => []);
      cast[side] = blank[side] = 0;
    }
    for (const { side, choices } of ballots) {
      for (const goal of choices) if (numberOf.has(goal)) yes[side][numberOf.get(goal)].push(cast[side]);
      if (!choices.length) blank[side] += 1;
      cast[side] += 1;
    }
    const said = Object.fromEntries(SIDES.map((side) => [side, cast[side] - blank[side]]));
    if (witnessed) [cast.officers, blank.officers, said.officers] = [witnessed.cast, null, NOT_BLANK[witnessed.not_blank]];
    const few = (number) => number > 0 && number < 3;
    const meeting = frozen.mode === "meeting";
    const advisory = meeting && (few(cast.officers) || few(said.officers));
    const adopts = meeting && !advisory;

    const share = (side, goal) => fraction(BigInt(yes[side][goal].length), BigInt(said[side] || 1));
    const numbers = goals.map((_, goal) => goal);
    const part = [1n, BigInt(Math.max(2, places))];
    const residents = new Set(numbers.filter((goal) => less(share("residents", goal), part) >= 0));
    let officers = new Set(numbers.filter((goal) => adopts && less(share("officers", goal), [1n, 2n]) >= 0));
    if (witnessed) officers = new Set(witnessed.keys_turned.map((goal) => numberOf.get(goal)));

    const lastTurn = new Uint32Array(cast.residents), load = [[0n, 1n]];
    function cost(goal) {
      if (frozen.rule === "lower_share") {
        const shares = (adopts ? SIDES : ["residents"]).map((side) => share(side, goal));
        const lower = shares.reduce((a, b) => (less(a, b) <= 0 ? a : b));
        return [-lower[0], lower[1]];
      }
      const carriers = new Array(load.length).fill(0);
      for (const ballot of yes.residents[goal]) carriers[lastTurn[ballot]] += 1;
      const all = carriers.reduce((so, n, turn) => (n ? sum(so, fraction(load[turn][0] * BigInt(n), load[turn][1])) : so), [1n, 1n]);
      return fraction(all[0], all[1] * BigInt(yes.residents[goal].length));
    }

    const hashes = goals.map((goal) => sha256(new TextEncoder().encode(`${dice}|${goal}`)));
    let waiting = numbers.filter((goal) => (adopts ? residents.has(goal) && officers.has(goal) : yes.residents[goal].length));
    const order = [];
    let diceDecided = false;
    while (waiting.length) {
      const costs = new Map(waiting.map((goal) => [goal, cost(goal)]));
      const level = (a, b) => less(costs.get(a), costs.get(b)) || yes.residents[b].length - yes.residents[a].length;
      waiting.sort((a, b) => level(a, b) || (hashes[a] < hashes[b] ? -1 : 1));
      const next = waiting[0];
      if (order.length < places && waiting.length > 1 && level(next, waiting[1]) === 0) diceDecided = true;
      for (const ballot of yes.residents[next]) lastTurn[ballot] = load.length;
      load.push(costs.get(next));
      order.push(next);
      waiting = waiting.slice(1);
    }

    const placed = adopts ? order.slice(0, places) : [];
    const ending = (goal) => {
      if (placed.includes(goal)) return "adopted";
      if (residents.has(goal)) return officers.has(goal) ? "open_without_place" : "residents_only";
      return officers.has(goal) ? "officers_only" : "neither";
    };
    return {
      "ballots": cast,
      "blank ballots": blank,
      "outcomes": numbers.map((goal) => ({
        goal: goals[goal],
        outcome: ending(goal),
        place: placed.includes(goal) ? placed.indexOf(goal) + 1 : null,
        residents_key: residents.has(goal),
        officers_key: officers.has(goal),
        residents_approvals: yes.residents[goal].length,
        officers_approvals: witnessed ? null : yes.officers[goal].length,
      })),
      "ranking": adopts ? [] : order.map((goal) => goals[goal]),
      "advisory": advisory,
      "dice decided": diceDecided,
    };
  }

  // What differs, as words of the page: "" for nothing, else "exchanged" or "differs". `frozen` is the file's text.
  function difference(frozenText, ballots, result) {
    const frozen = JSON.parse(frozenText), bytes = (text) => new TextEncoder().encode(text);
    const csv = ["tracker,side,choices\n"];
    for (const { tracker, side, choices } of ballots) csv.push(tracker, ",", side, ",", choices.join(" "), "\n");
    const trackers = ballots.map((ballot) => ballot.tracker);
    const known = new Set([...frozen.candidates.map((candidate) => candidate.goal), "none"]);
    const isIntact =
      sha256(bytes(frozenText)) === result.sha256["frozen.json"] &&
      sha256(bytes(csv.join(""))) === result.sha256["ballots.csv"] &&
      FROZEN.every((word) => same(frozen[word], result[word])) &&
      trackers.every((tracker, n) => n === 0 || trackers[n - 1] < tracker) &&
      ballots.every(({ side, choices }) => SIDES.includes(side) && isValid(choices, known)) &&
      same(Object.fromEntries(frozen.candidates.map(({ goal, texts }) => [goal, texts.en.title])), result.goals);
    if (!isIntact) return "exchanged";
    const counted = count(frozen, ballots, result.witnessed, result.tie_seed);
    const shows = frozen.officers_figures === "open" && frozen.mode === "meeting" && !counted.advisory;
    if (shows !== (result.witnessed === null)) return "exchanged";
    const turned = result.witnessed ? result.witnessed.keys_turned : [];
    const fewest = result.witnessed ? NOT_BLANK[result.witnessed.not_blank] : 0;
    if (!(fewest <= counted.ballots.officers) || (turned.length && !fewest)) return "differs";
    if (!turned.every((goal) => goal !== "none" && known.has(goal)) || (turned.length && !canAdopt(frozen, counted))) return "differs";
    const drawn = (side) => result.passes[side][frozen.mode === "open_room" ? "issued" : "drawn"];
    if (!SIDES.every((side) => result.passes[side].cast === counted.ballots[side] && counted.ballots[side] <= drawn(side))) return "differs";
    if (counted["dice decided"] !== Boolean(result.tie_seed)) return "differs";
    return same(counted, result.counted) ? "" : "differs";
  }

  const canAdopt = (frozen, counted) => frozen.mode === "meeting" && !counted.advisory;

  function isValid(choices, known) {
    if (choices.includes("none")) return choices.length === 1;
    return choices.every((goal) => known.has(goal)) && new Set(choices).size === choices.length;
  }

  function same(a, b) {
    if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return a === b;
    const names = Object.keys(a);
    return names.length === Object.keys(b).length && names.every((name) => name in b && same(a[name], b[name]));
  }

  // SHA-256 (FIPS 180-4) of a Uint8Array, in hex.
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime)) primes.push(n);
  const root = (n, power) => { const exact = n ** (1 / power); return ((exact - Math.floor(exact)) * 2 ** 32) >>> 0; };
  const K = Uint32Array.from(primes, (prime) => root(prime, 3));
  const START = primes.slice(0, 8).map((prime) => root(prime, 2));
  function sha256(bytes) {
    const padded = new Uint8Array((((bytes.length + 8) >> 6) + 1) << 6);
    padded.set(bytes);
    padded[bytes.length] = 128;
    const view = new DataView(padded.buffer), w = new Uint32Array(64), state = Uint32Array.from(START);
    view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29));
    view.setUint32(padded.length - 4, bytes.length << 3);
    for (let block = 0; block < padded.length; block += 64) {
      for (let t = 0; t < 16; t++) w[t] = view.getUint32(block + 4 * t);
      for (let t = 16; t < 64; t++) {
        const x = w[t - 15], y = w[t - 2];
        const low = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
        const high = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
        w[t] = w[t - 16] + low + w[t - 7] + high;
      }
      let [a, b, c, d, e, f, g, h] = state;
      for (let t = 0; t < 64; t++) {
        const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
        const one = (h + s1 + ((e & f) ^ (~e & g)) + K[t] + w[t]) | 0;
        const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
        const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
      }
      [a, b, c, d, e, f, g, h].forEach((value, n) => { state[n] += value; });
    }
    return Array.from(state, (value) => value.toString(16).padStart(8, "0")).join("");
  }

  return { count, difference, sha256 };
})();

(() => {
  const place = document.getElementById("recount");
  if (!place) return;
  const button = place.querySelector("button"), says = place.querySelector("[role=status]");
  place.hidden = false;
  const tell = (text, kind) => {
    says.hidden = false;
    says.className = `note ${kind}`;
    says.textContent = text;
  };
  const load = async (name) => {
    const answer = await fetch(`${place.dataset.address}/${name}`, { cache: "no-store", credentials: "omit" });
    if (!answer.ok) throw new Error(name);
    return answer.text();
  };
  button.addEventListener("click", async () => {
    button.disabled = true;
    tell(place.dataset.busy, "");
    try {
      const files = ["frozen.json", "ballots.json", "result.json"].map(load);
      const [frozen, ballots, result] = await Promise.all(files);
      let problem = "exchanged", published = null;
      try {
        published = JSON.parse(result);
        problem = recountRound.difference(frozen, JSON.parse(ballots).ballots, published);
      } catch { /* What cannot be read is not what was published. */ }
      if (problem) tell(place.dataset[problem], "closed");
      else {
        const { residents, officers } = published.counted.ballots;
        const yes = place.dataset.yes.replace("{residents}", residents).replace("{officers}", officers);
        tell(published.witnessed ? `${yes} ${place.dataset.sealed}` : yes, "open");
      }
    } catch {
      tell(place.dataset.lost, "warn");
    }
    button.disabled = false;
  });
})();
