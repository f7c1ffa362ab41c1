// Passkeys. The server decides everything; this only carries options to the browser and the answer back, as a plain form.

const api = window.PublicKeyCredential;
const supported = Boolean(api?.parseRequestOptionsFromJSON && navigator.credentials);
// One ceremony at a time: a waiting autofill is aborted before anything else (H-05), and the server knows the last challenge only.
let pending;
let last = Promise.resolve();

// `wish`: the kind of key to be made, where it is not a passkey.
async function options(form, wish) {
  const answer = await fetch(form.dataset.passkey, {
    method: "POST",
    body: new URLSearchParams({ csrf: form.elements.csrf.value, ...(wish && { [wish]: "1" }) }),
    headers: { accept: "application/json" },
  });
  const json = answer.headers.get("content-type")?.startsWith("application/json") && (await answer.json());
  if (!answer.ok || !json?.publicKey) throw new Error("no options");
  return json;
}

// `quiet`: without a dialog, by autofill or right after a password.
function hold(form, quiet, wish) {
  pending?.abort();
  const mine = (pending = new AbortController());
  const held = last.then(() => ceremony(form, mine, quiet, wish));
  last = held.catch(() => {});
  return held;
}

async function ceremony(form, mine, quiet, wish) {
  mine.signal.throwIfAborted();
  const { mode, publicKey } = await options(form, wish);
  mine.signal.throwIfAborted();
  // Our own clock: browsers say "cancelled" and "timed out" with the same word.
  const clock = setTimeout(() => mine.abort(new DOMException("", "TimeoutError")), publicKey.timeout);
  try {
    const how = { signal: mine.signal, ...(quiet && { mediation: "conditional" }) };
    return mode === "create"
      ? await navigator.credentials.create({ publicKey: api.parseCreationOptionsFromJSON(publicKey), ...how })
      : await navigator.credentials.get({ publicKey: api.parseRequestOptionsFromJSON(publicKey), ...how });
  } finally {
    clearTimeout(clock);
  }
}

function add(form, name) {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name, value: "1" });
  form.append(field);
}

function send(form, credential) {
  form.elements.credential.value = JSON.stringify(credential);
  // "Keep me signed in" stands in the password's form.
  if (document.querySelector("input[name=remember]")?.checked) add(form, "remember");
  form.submit();
}

const WORDS = {
  NotAllowedError: "cancelled",
  TimeoutError: "timedOut",
  NotSupportedError: "unsupported",
  SecurityError: "unsupported",
  ConstraintError: "unsupported",
  InvalidStateError: "registered",
};

async function press(form, button, status) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  status.textContent = form.dataset.working;
  try {
    send(form, await hold(form, false, button.name));
  } catch (error) {
    button.removeAttribute("aria-busy");
    if (error.name === "AbortError") return;
    status.textContent = form.dataset[WORDS[error.name] ?? "failed"];
    button.focus();
    autofill(form);
  }
}

// Waits in the autofill of the identifier field. A challenge lives as long as its timeout, so it is drawn anew before that.
async function autofill(form) {
  if (!("conditional" in form.dataset) || !(await api.isConditionalMediationAvailable?.())) return;
  try {
    send(form, await hold(form, true));
  } catch (error) {
    if (error.name === "TimeoutError" && !document.hidden) autofill(form);
  }
}

// Right after a password that its manager filled in, the manager may add a passkey by itself; the button stays for everybody else (H-43).
async function silently(form) {
  if (!("silent" in form.dataset)) return;
  const can = await api.getClientCapabilities?.().catch(() => undefined);
  if (!can?.conditionalCreate || pending) return;
  try {
    const credential = await hold(form, true, "silent");
    add(form, "silent");
    send(form, credential);
  } catch {
    // Nobody asked for it, so nobody hears of it.
  }
}

// Tells with the password whether a passkey could be made here, so that nobody is offered one who could not.
for (const field of document.querySelectorAll("input[data-can-make-passkeys]")) {
  if (!supported) break;
  api
    .isUserVerifyingPlatformAuthenticatorAvailable?.()
    .then((can) => can && (field.value = "1"))
    .catch(() => {});
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const status = form.querySelector("[data-status]");
  if (!supported) {
    // Beside a password nothing is lost; where the passkey is all there is, say so.
    if (!("conditional" in form.dataset)) status.textContent = form.dataset.unsupported;
    continue;
  }
  for (const button of form.querySelectorAll("button")) {
    button.hidden = false;
    button.addEventListener("click", (event) => {
      event.preventDefault();
      press(form, button, status);
    });
  }
  if (form.dataset.forget) {
    api.signalUnknownCredential?.({ rpId: form.dataset.rp, credentialId: form.dataset.forget })?.catch(() => {});
  }
  autofill(form);
  silently(form);
}

// Managers forget removed passkeys and show today's name.
for (const { dataset } of document.querySelectorAll("[data-passkey-signal]")) {
  const who = { rpId: dataset.rp, userId: dataset.user };
  const allAcceptedCredentialIds = dataset.accepted.split(" ").filter(Boolean);
  api?.signalAllAcceptedCredentials?.({ ...who, allAcceptedCredentialIds })?.catch(() => {});
  api?.signalCurrentUserDetails?.({ ...who, name: dataset.name, displayName: dataset.displayName })?.catch(() => {});
}
