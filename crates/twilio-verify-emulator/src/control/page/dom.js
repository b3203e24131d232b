// Elements and texts. Texts are set as text, so that a message is never taken for markup, and only if they differ, so
// that a selection in them stays.

export const byId = (id) => document.getElementById(id);

/** Makes an element: properties that begin with `on` are listeners, `text` is the text, others are attributes. */
export function make(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "text") made.textContent = value;
    else if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function setText(element, text) {
  const wanted = text ?? "";
  if (element.textContent !== String(wanted)) element.textContent = wanted;
}

export function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

/**
 * Copies a text. Where `navigator.clipboard` is not, as on a plain-HTTP host that is not loopback, or not permitted, by a
 * selection.
 */
export async function copyText(text) {
  if (navigator.clipboard) {
    const isCopied = await navigator.clipboard.writeText(text).then(() => true, () => false);
    if (isCopied) return;
  }
  const area = make("textarea", { "aria-hidden": "true", class: "offscreen" });
  area.value = text;
  const focused = document.activeElement;
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  focused?.focus();
  if (!copied) throw new Error("the browser does not allow copying; select the text instead");
}

/** A button that copies what `text` returns when it is pressed. */
export function copyButton(label, what, text) {
  const button = make("button", { type: "button", class: "copy", "aria-label": `Copy ${what}`, text: label });
  button.addEventListener("click", async (event) => {
    event.stopPropagation();
    await attempt(() => copyText(text()), `Copied ${what}`);
  });
  return button;
}

let hiding;

/** Tells what was done, or why not. */
export function say(text, isError = false) {
  const toast = byId("toast");
  toast.classList.toggle("error", isError);
  toast.textContent = text;
  toast.classList.add("shown");
  clearTimeout(hiding);
  hiding = setTimeout(() => toast.classList.remove("shown"), isError ? 8000 : 3500);
}

/** Does something, and tells the outcome. Returns whether it was done. */
export async function attempt(action, done) {
  try {
    const result = await action();
    say(typeof done === "function" ? done(result) : done);
    return true;
  } catch (error) {
    say(error.message, true);
    return false;
  }
}
