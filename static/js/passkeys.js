// Passkeys: the one part of signing in that no page can do without a script. A button with the address of its
// challenge asks the browser, puts the answer into the form's hidden field, and sends the form as any other.
const FAILED = "That did not work, or was cancelled. Try again.";

function toBytes(text) {
  const padded = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(padded), (char) => char.charCodeAt(0));
}

function toText(buffer) {
  if (!buffer) return undefined;
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const listed = (credentials) => (credentials ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));

function make(options) {
  return navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      user: { ...options.user, id: toBytes(options.user.id) },
      excludeCredentials: listed(options.excludeCredentials),
    },
  });
}

function ask(options) {
  return navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      allowCredentials: listed(options.allowCredentials),
    },
  });
}

function written(credential) {
  const { clientDataJSON, attestationObject, authenticatorData, signature, userHandle } = credential.response;
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response: {
      clientDataJSON: toText(clientDataJSON),
      attestationObject: toText(attestationObject),
      authenticatorData: toText(authenticatorData),
      signature: toText(signature),
      userHandle: toText(userHandle),
    },
  });
}

async function fetchOptions(button) {
  const answer = await fetch(button.dataset.passkey, {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRFToken": button.form.elements.csrf_token.value },
  });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

async function use(button) {
  const status = button.form.querySelector("[data-passkey-status]");
  status.textContent = "";
  button.disabled = true;
  try {
    const options = await fetchOptions(button);
    const credential = await ("user" in options ? make(options) : ask(options));
    button.form.elements.passkey.value = written(credential);
    button.form.submit();
  } catch {
    status.textContent = FAILED;
    button.disabled = false;
  }
}

export function passkeyButtons() {
  for (const button of document.querySelectorAll("button[data-passkey]")) {
    if (!globalThis.PublicKeyCredential) {
      button.form.querySelector("[data-passkey-missing]").hidden = false;
      continue;
    }
    button.hidden = false;
    button.addEventListener("click", () => use(button));
  }
}
