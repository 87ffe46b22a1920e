// Who carries what.
panel("owners", (rows, { effort }) => {
  const of = new Map();
  for (const row of rows) of.set(owner(row), [...(of.get(owner(row)) || []), row]);
  const found = [...of].map(([name, mine]) => ({
    name,
    n: mine.length,
    loss: sum(mine, loss),
    hours: effort ? sum(mine, (row) => effort.hours[row]) : null,
  }));
  found.sort((one, other) => (other.loss ?? -1) - (one.loss ?? -1) || other.n - one.n || COLLATOR.compare(one.name ?? "", other.name ?? ""));
  const heads = [{ label: t("owner") }, { label: t("accounts"), num: true }];
  if (D.has_loss) heads.push({ label: t("head_of.loss"), num: true });
  if (effort) heads.push({ label: t("load"), num: true });
  const made = found.slice(0, 12).map(({ name, n, loss: lost, hours }) => [
    name === null ? t("no_owner") : link(to({ chosen: { ...state.chosen, owner: name } }), name),
    count(n),
    ...(D.has_loss ? [lost === null ? NONE : short(lost)] : []),
    ...(effort ? [name === null || hours === null ? NONE : share(hours / effort.available)] : []),
  ]);
  const more = found.length > 12 ? el("p", { class: "means" }, t("owners.more", { count: count(found.length - 12) })) : null;
  return card("owners", [table({ caption: t("card.owners"), heads, rows: made }), more]);
});
