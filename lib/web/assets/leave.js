// Leaves a page that somebody must not be seen reading: at a tap on what carries `data-leave`, or at Shift pressed three
// times. The page empties at once and is replaced in the browser's history; what was typed is kept on the phone no more.
"use strict";
(() => {
  // The screens run this file again with each page that is drawn.
  if (window.beatLeaves) return;
  window.beatLeaves = true;
  const PRESSES = 3, WITHIN_MS = 3000;
  let pressed = [];

  const forgetDraft = () => {
    for (const kept of ["localStorage", "sessionStorage"]) {
      try { window[kept].removeItem("beat_report"); } catch { /* Storage is switched off: nothing is kept there. */ }
    }
  };
  const control = () => document.querySelector("[data-leave]");
  const leave = () => {
    const address = control().href;
    forgetDraft();
    // So that a form which this tab still holds in its history comes back empty (see `report_draft.html`).
    try { sessionStorage.setItem("beat_left", "1"); } catch { /* As above. */ }
    document.title = "";
    document.body.hidden = true;
    document.body.style.display = "none";
    location.replace(address);
  };

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-leave]")) return;
    event.preventDefault();
    leave();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift") { pressed = []; return; }
    if (event.repeat || !control()) return;
    pressed = [...pressed.filter((at) => event.timeStamp - at < WITHIN_MS), event.timeStamp];
    if (pressed.length >= PRESSES) leave();
  });
  // Back to a page that was left shows nothing of it.
  addEventListener("pageshow", (event) => { if (event.persisted && document.body.hidden) location.replace("/today"); });
  if (control()?.hasAttribute("data-forget-draft")) forgetDraft();
})();
