// <row-adder>: adds an empty row to a list of rows, made from the template in it. Without scripts
// every save leaves empty rows.
customElements.define(
  "row-adder",
  class extends HTMLElement {
    connectedCallback() {
      this.total = document.getElementById(`id_${this.dataset.prefix}-TOTAL_FORMS`);
      this.most = Number(document.getElementById(`id_${this.dataset.prefix}-MAX_NUM_FORMS`).value);
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      button.textContent = this.dataset.label;
      button.addEventListener("click", () => this.add(button));
      this.append(button);
    }

    add(button) {
      const number = Number(this.total.value);
      const row = this.querySelector("template").content.firstElementChild.cloneNode(true);
      for (const element of row.querySelectorAll("[name], [for], [id], [aria-describedby]")) {
        for (const name of ["name", "for", "id", "aria-describedby"]) {
          const value = element.getAttribute(name);
          if (value) element.setAttribute(name, value.replace("__prefix__", number));
        }
      }
      row.querySelector("[data-number]").textContent = number + 1;
      button.before(row);
      this.total.value = number + 1;
      button.disabled = number + 1 >= this.most;
      row.querySelector("input, select").focus();
    }
  },
);
