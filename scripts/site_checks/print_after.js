// Of the texts remembered, which are not on paper, and which are cut by a box that cannot scroll?
() => {
  const { texts, seen, boxes } = window.klarsyn;
  const told = (node) => `"${node.data.trim().replace(/\s+/g, " ").slice(0, 60)}"`;
  const cut = (node) => {
    const right = Math.max(...boxes(node).map((box) => box.right));
    for (let up = node.parentElement; up; up = up.parentElement) {
      const inside = getComputedStyle(up).overflowX !== "visible";
      if (inside && up.clientWidth > 1 && right > up.getBoundingClientRect().right + 1) return true;
    }
    return false;
  };
  const width = document.scrollingElement.scrollWidth;
  return {
    wide: width > innerWidth ? width : 0,
    hidden: texts.filter((node) => !seen(node)).map(told),
    cut: texts.filter((node) => seen(node) && cut(node)).map(told),
  };
}
