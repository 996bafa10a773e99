// A choice asks at once, but on a phone one chooses several in the open sheet and then asks for the modules once.
// Without this file, and without JavaScript at all, the form works by its button.
document.addEventListener("htmx:beforeRequest", (event) => {
  const sheet = document.getElementById("facets");
  const trigger = event.detail.requestConfig.triggeringEvent;
  if (trigger?.type !== "change") return;
  const isTyping = trigger.target.id === "id_q"; // asked by Enter or the button
  if (isTyping || sheet?.matches(":popover-open")) event.preventDefault();
});

// Short addresses: what is not filled in is not asked.
document.addEventListener("htmx:configRequest", (event) => {
  for (const [name, value] of [...event.detail.formData.entries()]) {
    if (value === "") event.detail.formData.delete(name);
  }
});
