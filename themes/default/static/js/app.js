// Small comforts on top of forms that work without them. Nothing here decides anything.

const all = (selector, root = document) => root.querySelectorAll(selector);

// Show and hide a password. The button stays hidden without script.
for (const button of all("[data-reveal]")) {
  const input = document.getElementById(button.dataset.reveal);
  if (!input) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    const show = input.type === "password";
    input.type = show ? "text" : "password";
    button.setAttribute("aria-pressed", String(show));
    button.setAttribute("aria-label", show ? button.dataset.hide : button.dataset.show);
    input.focus();
  });
  // A revealed password must not end up in the browser's form history.
  input.form?.addEventListener("submit", () => { input.type = "password"; });
}

// Caps lock.
for (const note of all("[data-capslock]")) {
  const input = document.getElementById(note.dataset.capslock);
  const look = (event) => {
    if (event.getModifierState) note.hidden = !event.getModifierState("CapsLock");
  };
  input?.addEventListener("keydown", look);
  input?.addEventListener("keyup", look);
  input?.addEventListener("blur", () => { note.hidden = true; });
}

// Copy buttons answer in a live region.
for (const button of all("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  const label = button.querySelector("[data-copy-label]");
  const before = label?.textContent;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText((source?.value ?? source?.textContent ?? "").trim());
    } catch {
      return;
    }
    if (!label) return;
    label.textContent = button.dataset.copied;
    setTimeout(() => { label.textContent = before; }, 2500);
  });
}

// Printing needs a script; saving and copying by hand do not.
for (const button of all("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// One submit per page: later clicks do nothing, the button says that work is going on.
for (const form of all("form")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.busy) {
      event.preventDefault();
      return;
    }
    if (event.defaultPrevented) return;
    form.dataset.busy = "1";
    const pressed = event.submitter;
    const button = pressed?.hasAttribute("data-enter") ? form.querySelector("[data-busy-text]") : pressed;
    if (!button?.dataset.busyText) return;
    button.setAttribute("aria-busy", "true");
    button.dataset.label = button.textContent;
    const spinner = document.createElement("span");
    spinner.className = "spinner";
    spinner.setAttribute("aria-hidden", "true");
    button.replaceChildren(spinner, button.dataset.busyText);
  });
}
// Coming back through the history cache, everything can be pressed again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of all("form[data-busy]")) delete form.dataset.busy;
  for (const button of all("[aria-busy=true]")) {
    button.removeAttribute("aria-busy");
    button.textContent = button.dataset.label;
  }
});

// "Send again" waits, and says for how long.
for (const button of all("[data-cooldown]")) {
  let left = Number(button.dataset.cooldown);
  const label = button.textContent;
  const note = document.getElementById(button.dataset.note);
  if (note) note.hidden = true;
  const tick = () => {
    button.disabled = left > 0;
    button.textContent = left > 0 ? button.dataset.wait.replace("%", String(left)) : label;
    if (left-- > 0) setTimeout(tick, 1000);
  };
  tick();
}

// A page that waits for a mailed link looks again when somebody comes back to it.
for (const form of all("[data-waiting]")) {
  const look = async () => {
    if (document.hidden || form.dataset.busy || form.elements.code?.value) return;
    try {
      const answer = await fetch(form.action);
      if (!(await answer.text()).includes("data-waiting")) location.replace(form.action);
    } catch {
      // The button does the same.
    }
  };
  addEventListener("focus", look);
  document.addEventListener("visibilitychange", look);
}

// Password check while typing, by the same code that judges it in the end.
for (const meter of all("[data-check]")) {
  const input = document.getElementById(meter.dataset.for);
  if (!input?.form) continue;
  let timer;
  let request;
  const show = (answer) => {
    meter.hidden = false;
    meter.dataset.level = String(answer.level);
    meter.querySelector("[data-word]").textContent = answer.word;
    meter.querySelector("[data-hints]").textContent = answer.hints.join(" ");
    // What an earlier check refused is no longer there once this one has nothing to say.
    if (!answer.hints.length) settle();
  };
  const settle = () => {
    const error = document.getElementById(`${input.id}-error`);
    if (!error) return;
    error.remove();
    input.removeAttribute("aria-invalid");
    input.setAttribute("aria-describedby", `${input.id}-hint`);
    for (const entry of all(`.alert a[href="#${input.id}"]`)) entry.parentElement.remove();
    for (const list of all(".alert ul")) if (!list.children.length) list.closest(".alert").hidden = true;
  };
  const ask = async () => {
    request?.abort();
    if (!input.value) {
      meter.hidden = true;
      return;
    }
    request = new AbortController();
    try {
      const answer = await fetch(meter.dataset.check, {
        method: "POST",
        body: new URLSearchParams(new FormData(input.form)),
        headers: { accept: "application/json" },
        signal: request.signal,
      });
      if (answer.ok) show(await answer.json());
    } catch {
      // The final check decides; a missing hint is no error.
    }
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 350);
  });
}

// On phones the tabs scroll sideways: the one in use is brought into sight.
const tab = document.querySelector(".nav [aria-current]");
if (tab && tab.parentElement.scrollWidth > tab.parentElement.clientWidth) tab.scrollIntoView({ inline: "center", block: "nearest" });
