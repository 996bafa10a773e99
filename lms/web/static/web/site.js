// After a refused form, go to the list of problems. Everything works without this file.
const problems = document.querySelector(".error-summary");
if (problems) problems.focus();

// An open group of the menu closes by Escape, which gives the focus back, and by a click or the focus going elsewhere.
const openGroup = () => document.querySelector(".nav-group[open]");
document.addEventListener("keydown", (event) => {
  const group = openGroup();
  if (event.key !== "Escape" || !group) return;
  event.preventDefault(); // the menu around it stays
  if (group.contains(document.activeElement)) group.querySelector("summary").focus();
  group.open = false;
});
for (const kind of ["click", "focusin"]) {
  document.addEventListener(kind, (event) => {
    const group = openGroup();
    if (group && !group.contains(event.target)) group.open = false;
  });
}
