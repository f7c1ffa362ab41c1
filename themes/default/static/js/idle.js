// Warns a minute before an unused session ends, and lets its owner stay (WCAG 2.2.1). Nothing here decides anything: the server ends
// the session, and the page that follows says why.

const WARNING = 60_000;
// Timers of more than 24 days fire at once.
const LONGEST_WAIT = 3_600_000;

const dialog = document.getElementById("idle");

const watch = () => {
  const button = dialog.querySelector("[data-stay]");
  const left = dialog.querySelector("[data-left]");
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("identity-session") : null;
  // Clocks differ: only the time between the server's two instants counts.
  let ends = Date.now() + Number(dialog.dataset.ends) - Number(dialog.dataset.now);
  let timer;

  const leave = () => location.assign(dialog.dataset.after);

  const look = () => {
    clearTimeout(timer);
    const rest = ends - Date.now();
    if (rest <= 0) {
      leave();
      return;
    }
    if (rest > WARNING) {
      if (dialog.open) dialog.close();
      timer = setTimeout(look, Math.min(rest - WARNING, LONGEST_WAIT));
      return;
    }
    if (!dialog.open) dialog.showModal();
    const seconds = Math.ceil(rest / 1000);
    left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    timer = setTimeout(look, 500);
  };

  // Another tab was used: this one need not warn.
  const moveTo = (instant) => {
    if (instant <= ends) return;
    ends = instant;
    look();
  };

  const stay = async () => {
    const form = button.form;
    const fields = new URLSearchParams(new FormData(form));
    fields.set("answer", "json");
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: fields,
        redirect: "error",
      });
      if (!answer.ok) throw new Error("not signed in any more");
      const { milliseconds } = await answer.json();
      moveTo(Date.now() + milliseconds);
      tabs?.postMessage(ends);
    } catch {
      leave();
    }
  };

  button.addEventListener("click", (event) => {
    event.preventDefault();
    stay();
  });
  // Escape is a sign of life too.
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    stay();
  });
  tabs?.addEventListener("message", (event) => moveTo(Number(event.data)));
  tabs?.postMessage(ends);
  document.addEventListener("visibilitychange", look);
  look();
};

if (dialog?.showModal) watch();
