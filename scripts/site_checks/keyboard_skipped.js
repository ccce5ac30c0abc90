// After the skip link and one more Tab: is the focus in its target or behind it?
() => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const element = document.activeElement;
  if (!target) return false;
  if (!element || element === document.body) return true;
  const inside = Node.DOCUMENT_POSITION_CONTAINED_BY | Node.DOCUMENT_POSITION_FOLLOWING;
  return Boolean(target.compareDocumentPosition(element) & inside);
}
