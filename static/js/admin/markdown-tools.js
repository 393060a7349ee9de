// <markdown-tools>: puts a button beside every piece of Markdown that it lists, which inserts it at
// the cursor. Without scripts the pieces are there to be copied.
customElements.define(
  "markdown-tools",
  class extends HTMLElement {
    connectedCallback() {
      this.text = document.getElementById(this.dataset.for);
      if (!this.text) return;
      for (const code of this.querySelectorAll("code[data-insert]")) this.offer(code);
      this.querySelector("[data-sources]")?.addEventListener("toggle", (event) =>
        this.listSources(event.currentTarget),
      );
      for (const search of this.querySelectorAll("[data-search]")) this.makeSearchable(search);
    }

    offer(code) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button tools__insert";
      button.append(code.textContent);
      button.addEventListener("click", () => this.insert(code.dataset.insert));
      code.replaceWith(button);
    }

    insert(piece) {
      const { selectionStart: start, selectionEnd: end, value } = this.text;
      const isBlock = piece.startsWith(":::") || piece.startsWith("![");
      const before = isBlock && start && !value.slice(0, start).endsWith("\n\n") ? "\n\n" : "";
      const after = isBlock && !value.slice(end).startsWith("\n") ? "\n\n" : "";
      this.text.setRangeText(before + piece + after, start, end, "end");
      this.text.focus();
      this.text.dispatchEvent(new Event("input", { bubbles: true }));
    }

    // The keys as they stand in the rows below now, not as they were saved.
    listSources(details) {
      const list = details.querySelector("ul");
      const rows = document.querySelectorAll(`[name^="${details.dataset.rows}-"][name$="-key"]`);
      list.replaceChildren();
      for (const { name, value } of rows) {
        const beside = (field) => document.getElementsByName(name.replace(/key$/, field))[0].value;
        if (!value) continue;
        const item = document.createElement("li");
        const code = document.createElement("code");
        code.dataset.insert = code.textContent = `[^${value}]`;
        item.append(code, ` ${(beside("as_printed") || beside("source")).slice(0, 90)}`);
        list.append(item);
        this.offer(code);
      }
    }

    makeSearchable(search) {
      const list = search.nextElementSibling;
      search.hidden = false;
      search.addEventListener("input", (event) => {
        event.stopPropagation();
        const wanted = event.target.value.toLowerCase();
        for (const item of list.children) {
          item.hidden = !item.textContent.toLowerCase().includes(wanted);
        }
      });
    }
  },
);
