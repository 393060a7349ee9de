// <rule-reason>: puts the reason of the chosen house rule into the field, unless somebody wrote
// there. Without scripts the reason stands under the rule and holds when the field is left empty.
customElements.define(
  "rule-reason",
  class extends HTMLElement {
    connectedCallback() {
      const field = this.querySelector("[name=reason]");
      const proposed = new Set(["", ...this.rules().map((rule) => rule.dataset.reason)]);
      this.addEventListener("change", ({ target }) => {
        if (target.name === "rule" && proposed.has(field.value)) field.value = target.dataset.reason;
      });
    }

    rules() {
      return [...this.querySelectorAll("[name=rule]")];
    }
  },
);
