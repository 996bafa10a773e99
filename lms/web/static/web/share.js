// Share an address the way this device does it, or copy it. Without this file the address stands there to be copied.
for (const button of document.querySelectorAll("button[data-share]")) {
  const able = navigator.share ?? navigator.clipboard;
  if (!able) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const { share: url, title, done } = button.dataset;
    if (navigator.share) return navigator.share({ title, url }).catch(() => {});
    await navigator.clipboard.writeText(url);
    button.nextElementSibling.textContent = done;
  });
}
