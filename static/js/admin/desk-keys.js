// <desk-keys>: presses a button of the page by a single key, for those who chose so (WCAG 2.1.4).
// `data-keys` holds "key=deed" pairs; the button says its deed in `data-deed`.
customElements.define(
  "desk-keys",
  class extends HTMLElement {
    connectedCallback() {
      const pairs = this.dataset.keys.split(" ").map((pair) => [pair[0], pair.slice(2)]);
      this.deeds = new Map(pairs);
      this.press = (event) => this.act(event);
      document.addEventListener("keydown", this.press);
    }

    disconnectedCallback() {
      document.removeEventListener("keydown", this.press);
    }

    act(event) {
      if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) return;
      const typed = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])";
      if (event.target.closest(typed)) return;
      const deed = this.deeds.get(event.key.toLowerCase());
      const button = deed && document.querySelector(`[data-deed="${CSS.escape(deed)}"]`);
      if (!button) return;
      event.preventDefault();
      button.click();
    }
  },
);
