// <live-preview>: shows what is being written as readers will see it. The server renders it; this
// only asks, a moment after the last key. It comes hidden: without scripts there is a button.
const PAUSE = 500; // milliseconds

customElements.define(
  "live-preview",
  class extends HTMLElement {
    connectedCallback() {
      this.form = document.getElementById(this.dataset.form);
      this.page = this.querySelector("iframe");
      this.status = this.querySelector("[role=status]");
      this.hidden = false;
      this.form.addEventListener("input", () => this.soon());
      this.refresh();
    }

    soon() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.refresh(), PAUSE);
    }

    async refresh() {
      this.asked?.abort();
      this.asked = new AbortController();
      try {
        const body = new URLSearchParams(new FormData(this.form));
        const { signal } = this.asked;
        const answer = await fetch(this.dataset.address, { method: "POST", body, signal });
        this.status.textContent = answer.ok ? "" : this.dataset.loggedOut;
        if (answer.ok) this.show(await answer.text());
      } catch (error) {
        if (error.name !== "AbortError") this.status.textContent = this.dataset.offline;
      }
    }

    // Once the frame has its page only what is on it changes: it stays scrolled where it was.
    show(html) {
      const main = this.page.contentDocument?.querySelector("main");
      const { documentElement: next } = new DOMParser().parseFromString(html, "text/html");
      if (main) {
        const shown = this.page.contentDocument;
        main.replaceWith(shown.adoptNode(next.querySelector("main")));
        shown.documentElement.lang = next.lang;
        shown.documentElement.dir = next.dir;
        return;
      }
      // Django's switch names the colours; a frame would otherwise follow the system alone.
      const { theme } = document.documentElement.dataset;
      if (theme === "light" || theme === "dark") next.dataset.scheme = theme;
      this.page.srcdoc = `<!doctype html>${next.outerHTML}`;
    }
  },
);
