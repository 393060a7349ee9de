// <scheme-switch>: light, dark, or as the system says, kept in this browser alone. It comes hidden
// and shows itself, because without a script it could do nothing.
const KEY = "scheme";

apply(kept());

customElements.define(
  "scheme-switch",
  class extends HTMLElement {
    connectedCallback() {
      const scheme = kept();
      for (const choice of this.querySelectorAll("input")) choice.checked = choice.value === scheme;
      this.addEventListener("change", (event) => keep(event.target.value));
      this.hidden = !CSS.supports("color", "light-dark(red, red)");
    }
  },
);

function apply(scheme) {
  if (scheme) document.documentElement.dataset.scheme = scheme;
  else delete document.documentElement.dataset.scheme;
}

// A browser may forbid storage: the choice then lasts as long as the page.
function kept() {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

function keep(scheme) {
  apply(scheme);
  try {
    if (scheme) localStorage.setItem(KEY, scheme);
    else localStorage.removeItem(KEY);
  } catch {}
}
