// <cell-labels>: writes to each cell of a table of which column it is, for screens on which the
// columns do not stand beside each other (static/css/admin-lists.css). The heading of a row needs
// none.
customElements.define(
  "cell-labels",
  class extends HTMLElement {
    connectedCallback() {
      for (const table of this.querySelectorAll("table")) this.label(table);
    }

    label(table) {
      const heads = [...table.tHead.rows[0].cells];
      const names = heads.map((head) => (head.querySelector(".text") ?? head).textContent.trim());
      for (const row of table.tBodies[0].rows) {
        for (const [column, cell] of [...row.cells].entries()) {
          if (cell.matches("td:not(.action-checkbox)")) cell.dataset.label = names[column];
        }
      }
    }
  },
);
