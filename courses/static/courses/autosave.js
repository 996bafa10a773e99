// Saves a draft's form after a pause in typing. The server refuses what a colleague saved meanwhile: then nothing is
// sent any more, and a button leads to both texts side by side. Everything works without this file, by the Save button.
const PAUSE = 2000;

for (const form of document.querySelectorAll("form[data-autosave]")) watch(form);

function watch(form) {
  const status = document.getElementById("autosave-status");
  const compare = document.getElementById("autosave-compare");
  let timer = 0;
  let dirty = false;
  let stopped = false;
  let leaving = false;
  let running = null;

  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    dirty = true;
    schedule();
  });
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    if (running) {
      event.preventDefault();
      await running;
      if (!stopped) form.requestSubmit(event.submitter);
      return;
    }
    leaving = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty && !leaving) event.preventDefault();
  });
  window.addEventListener("online", schedule);
  window.addEventListener("pageshow", () => (leaving = false));

  function schedule() {
    clearTimeout(timer);
    if (dirty && !stopped) timer = setTimeout(save, PAUSE);
  }

  function save() {
    if (running || stopped) return;
    running = send().finally(() => {
      running = null;
      if (dirty) schedule();
    });
  }

  async function send() {
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    body.set("do", "autosave");
    dirty = false;
    let answer;
    try {
      answer = await fetch(form.dataset.autosave, { method: "POST", body, headers: { Accept: "application/json" } });
    } catch {
      dirty = true;
      tell(form.dataset.offline, "warn");
      return;
    }
    const isJson = (answer.headers.get("Content-Type") || "").includes("json");
    const told = isJson ? await answer.json() : { message: form.dataset.failed };
    if (answer.ok && isJson) {
      form.elements.revision.value = told.revision;
      tell(told.message, "pos");
      return;
    }
    dirty = true;
    tell(told.message, "warn");
    if (answer.status === 409) {
      stopped = true;
      compare.hidden = false;
    }
  }

  function tell(message, kind) {
    status.dataset.kind = kind;
    status.textContent = message;
  }
}
