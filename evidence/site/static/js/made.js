// An element of the page with its content, text or elements, and its attributes.
Explore.made = (tag, content = [], attributes = {}) => {
  const one = document.createElement(tag);
  one.append(...[content].flat());
  for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
  return one;
};
