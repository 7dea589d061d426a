// Buttons that use a passkey: asks the server what is to be signed, the device to sign it, and sends
// the form with the answer. Without this file the form is sent as it is, and the page says what is missing.

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const withBytes = (keys) => keys?.map((key) => ({ ...key, id: bytes(key.id) }));

async function signed(kind, options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: withBytes(options.allowCredentials),
    excludeCredentials: withBytes(options.excludeCredentials),
  };
  if (options.user) {
    publicKey.user = { ...options.user, id: bytes(options.user.id) };
  }
  const key = await navigator.credentials[kind]({ publicKey });
  const response = { clientDataJSON: text(key.response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (key.response[part]) {
      response[part] = text(key.response[part]);
    }
  }
  return { id: key.id, rawId: text(key.rawId), type: key.type, response, extensions: {} };
}

function tell(button, sentence) {
  const form = button.form;
  form.querySelector("[data-passkey-told]")?.remove();
  const told = document.createElement("p");
  told.className = "notice notice--bad";
  told.setAttribute("role", "alert");
  told.dataset.passkeyTold = "";
  told.textContent = sentence;
  form.prepend(told);
}

document.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (!button?.dataset.passkey || !navigator.credentials) {
    return;
  }
  event.preventDefault();
  const form = button.form;
  const send = () => {
    // Without the attribute the property would be the page's own address.
    if (button.hasAttribute("formaction")) {
      form.action = button.formAction;
    }
    form.submit();
  };
  button.disabled = true;
  try {
    const begun = await fetch(button.dataset.begin, {
      method: "POST",
      headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
      body: "",
    });
    if (!begun.ok) {
      // Sent without an answer, the form is led to whatever must be done first.
      send();
      return;
    }
    const ceremony = await begun.json();
    const answer = await signed(button.dataset.passkey, ceremony.options);
    form.elements.ceremony.value = ceremony.secret;
    form.elements.answer.value = JSON.stringify(answer);
    send();
  } catch (fault) {
    console.info("passkey:", fault);
    tell(button, button.dataset.failed);
  } finally {
    button.disabled = false;
  }
});
