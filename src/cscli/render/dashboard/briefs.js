// A page of paper for each of the accounts, in their order.
document.getElementById("nav").replaceChildren(el("button", { type: "button", click: () => window.print() }, t("print")));
document.getElementById("main").replaceChildren(...ALL.map(briefOf));
document.getElementById("foot").replaceChildren(madeFrom());
