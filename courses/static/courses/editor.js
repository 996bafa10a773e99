// Puts a picture's code in the text, at the caret of the text that was written in last.
let last = document.querySelector("textarea");
document.addEventListener("focusin", (event) => {
  if (event.target.matches("textarea")) last = event.target;
});
for (const button of document.querySelectorAll("button[data-insert]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    if (!last) return;
    last.focus();
    last.setRangeText(button.dataset.insert, last.selectionStart, last.selectionEnd, "end");
    last.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
