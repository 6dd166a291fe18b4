// Finds a ballot by its tracker in the published list. What is typed stays in this browser: the whole list is loaded.
"use strict";
const ballotFinder = (() => {
  // As forgiving as the server is with typed codes: case, spaces, dashes, O for 0, I and L for 1.
  const normalised = (text) =>
    text.normalize("NFKC").toUpperCase().replace(/[\p{Z}\p{Cc}\p{Cf}\p{Pd}\p{Po}]/gu, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  const isReadable = (code) => /^[0-9A-HJKMNP-TV-Z]{0,12}$/.test(code);
  return { normalised, isReadable };
})();

(() => {
  const form = document.getElementById("find");
  if (!form) return;
  const field = document.getElementById("tracker"), found = document.getElementById("found"), words = form.dataset;
  const titles = new Map(Array.from(document.querySelectorAll("[data-goal]"), (line) => [line.dataset.goal, line.textContent]));
  let list = null;
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());

  const ballots = () => {
    list ??= fetch(words.address, { credentials: "omit" }).then((answer) => {
      if (!answer.ok) throw new Error("list");
      return answer.json();
    });
    list.catch(() => { list = null; });
    return list;
  };
  const note = (text, kind) => {
    const line = document.createElement("p");
    line.className = `note ${kind}`;
    line.textContent = text;
    found.replaceChildren(line);
  };
  const card = (ballot) => {
    const panel = document.createElement("div"), heading = document.createElement("p"), code = document.createElement("code");
    panel.className = "panel";
    code.textContent = ballot.tracker.replace(/(.{4})(?=.)/g, "$1-");
    heading.append(code, ` ${words[ballot.side]}`);
    const said = document.createElement("ul");
    const choices = ballot.choices.length === 0 ? [words.blank] : ballot.choices.map((goal) => (goal === "none" ? words.none : titles.get(goal) ?? goal));
    for (const choice of choices) said.appendChild(document.createElement("li")).textContent = choice;
    panel.append(heading, said);
    found.replaceChildren(panel);
  };
  const search = async () => {
    const code = ballotFinder.normalised(field.value);
    if (!code) return found.replaceChildren();
    if (!ballotFinder.isReadable(code)) return note(words.wrong, "warn");
    let known;
    try {
      known = (await ballots()).ballots;
    } catch {
      return note(words.lost, "warn");
    }
    if (code !== ballotFinder.normalised(field.value)) return undefined;
    const alike = known.filter((ballot) => ballot.tracker.startsWith(code));
    if (alike.length === 1 && code.length >= 6) return card(alike[0]);
    if (!alike.length) return note(words.absent, "warn");
    return code.length < 4 ? found.replaceChildren() : note(words.more.replace("{number}", alike.length), "");
  };
  field.addEventListener("input", search);
})();
